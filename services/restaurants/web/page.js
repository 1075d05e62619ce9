// What the server told the page, and the parts of the page that scripts write to.

export const config = JSON.parse(document.body.dataset.config);

/** @returns {HTMLElement} the element of that id; a page without it is not ours. */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}

/** Says something to everybody: on the page, and through a screen reader. */
export function say(text, { bad = false } = {}) {
  const status = byId('status');
  status.classList.toggle('bad', bad);
  status.textContent = text;
}

/** Keeps a button from being pressed twice while something is under way; it keeps the focus. */
export async function whileBusy(button, work) {
  if (button.getAttribute('aria-busy') === 'true') return undefined;
  button.setAttribute('aria-busy', 'true');
  try {
    return await work();
  } finally {
    button.removeAttribute('aria-busy');
  }
}
