/**
 * What the setup does: each step when it is done, and in between what runs, since when, and what remains. On a terminal
 * that is a line that changes; elsewhere a line every ten seconds; in CI only the steps.
 */
import { performance } from 'node:perf_hooks';

const TERMINAL_MS = 1000;
const ELSEWHERE_MS = 10_000;
const ERASE = '\r\u001b[2K';

export const say = (text) => process.stderr.write(`${text}\n`);
const secondsSince = (since) => (performance.now() - since) / 1000;

export class Progress {
  #started = new Map();
  #done = 0;
  #waiting;
  #total;
  #isTerminal = process.stderr.isTTY;
  #timer;

  /** @param {string[]} titles the steps that have to be done */
  constructor(titles) {
    this.#waiting = new Set(titles);
    this.#total = titles.length;
    if (process.env.CI) return;
    this.#timer = setInterval(() => this.#show(), this.#isTerminal ? TERMINAL_MS : ELSEWHERE_MS);
  }

  started(title) {
    // What an earlier step removed was not known to be missing.
    if (!this.#waiting.delete(title)) this.#total += 1;
    this.#started.set(title, performance.now());
    if (this.#isTerminal) this.#show();
  }

  ended(title) {
    this.#erase();
    this.#done += 1;
    say(`  ${this.#done}/${this.#total}  ${title}  ${secondsSince(this.#started.get(title)).toFixed(1)} s`);
    this.#started.delete(title);
  }

  /** Leaves the lines of the steps that are done. */
  stop() {
    clearInterval(this.#timer);
    this.#erase();
  }

  #show() {
    const running = [...this.#started].map(([title, since]) => `${title} ${secondsSince(since).toFixed(0)} s`);
    const then = this.#waiting.size > 0 ? `; then ${[...this.#waiting].join(', ')}` : '';
    const text = `  now ${running.join(', ')}${then}`;
    if (running.length === 0) return;
    process.stderr.write(this.#isTerminal ? ERASE + text.slice(0, process.stderr.columns - 1) : `${text}\n`);
  }

  #erase() {
    if (this.#timer && this.#isTerminal) process.stderr.write(ERASE);
  }
}
