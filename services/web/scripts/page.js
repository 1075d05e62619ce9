// What the server told the page, and the parts of the page that scripts write to.

export const config = JSON.parse(document.body.dataset.config);

const SHOWN_MILLISECONDS = 8000;
let timer = 0;
/** The button that was pressed last, or the row of buttons that it is in. */
let pressed = null;

/** @returns {HTMLElement} the element of that id; a page without it is not ours. */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}

/** Says something to everybody: near the button that was pressed last, and through a screen reader. */
export function say(text, { bad = false } = {}) {
  clearTimeout(timer);
  const status = byId('status');
  status.classList.toggle('bad', bad);
  status.toggleAttribute('data-near', Boolean(pressed?.checkVisibility()));
  status.textContent = text;
  // What went wrong stays until it is read.
  if (text && !bad) timer = setTimeout(() => say(''), SHOWN_MILLISECONDS);
}

/** Changes the page above, and keeps the button that was pressed last where it is seen. */
export function inPlace(change) {
  const top = pressed?.checkVisibility() ? pressed.getBoundingClientRect().top : null;
  change();
  if (top !== null) window.scrollBy(0, pressed.getBoundingClientRect().top - top);
}

/** Shows what needs this script, and connects what the page says to the button that was pressed. */
export function start() {
  document.addEventListener(
    'click',
    ({ target }) => {
      const button = target.closest('button');
      if (!button) return;
      say('');
      if (button.closest('dialog')) return;
      pressed?.style.removeProperty('anchor-name');
      pressed = button.closest('.actions') ?? button;
      pressed.style.setProperty('anchor-name', '--pressed');
    },
    true,
  );
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && say(''));
  document.body.classList.add('ready');
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

/** @returns {HTMLElement} a copy of what a template of the page holds. */
export const copyOf = (template) => byId(template).content.firstElementChild.cloneNode(true);
