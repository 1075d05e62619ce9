// Hears from the server when something of the caller's has changed. What has changed, the page then fetches; and it looks by
// itself from time to time, since a connection may be lost without a sign.

import { issueTicket } from './api.js';

const FIRST_PAUSE_MILLISECONDS = 1000;
const LONGEST_PAUSE_MILLISECONDS = 60000;

/**
 * Calls `onChange()` whenever something may have changed: when the server says so, and after each connecting.
 *
 * A call waits for the one before it, and changes meanwhile are one call.
 *
 * @param {() => unknown} onChange
 * @param {{restaurantName?: string}} [of] the restaurant whose orders count, beside the caller's own
 * @returns {() => void} a function that ends it
 */
export function watch(onChange, { restaurantName } = {}) {
  let socket = null;
  let timer = 0;
  let waiting = false;
  let failures = 0;
  let stopped = false;
  let due = false;
  let looking = false;

  async function changed() {
    due = true;
    if (looking) return;
    looking = true;
    while (due && !stopped) {
      due = false;
      try {
        await onChange();
      } catch {
        // The page's own look from time to time makes up for it.
      }
    }
    looking = false;
  }

  async function connect() {
    clearTimeout(timer);
    waiting = false;
    try {
      // Each time a new one, for which an expired ID token is renewed.
      const { url, expiresInSeconds } = await issueTicket(restaurantName);
      if (stopped) return;
      socket = new WebSocket(url);
      socket.onopen = () => {
        failures = 0;
        timer = setTimeout(() => socket.close(), expiresInSeconds * 1000);
        changed();
      };
      socket.onmessage = changed;
      socket.onclose = reconnect;
    } catch {
      reconnect();
    }
  }

  function reconnect() {
    clearTimeout(timer);
    if (stopped) return;
    waiting = true;
    // By chance anywhere up to the pause, so that pages that lost the server together do not come back together.
    const pause = Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** failures, LONGEST_PAUSE_MILLISECONDS);
    failures += 1;
    timer = setTimeout(connect, Math.random() * pause);
  }

  function reconnectNow() {
    if (waiting) connect();
  }

  addEventListener('online', reconnectNow);
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    removeEventListener('online', reconnectNow);
    socket?.close();
  };
}
