// The sound of a new order, and the switch for it.

import { byId } from './page.js';

const SILENT = 'bigmouth.silent';
/** A bell of two tones: when each begins, in seconds, and its frequency. */
const TONES = [
  [0, 880],
  [0.18, 1175],
  [0.6, 880],
  [0.78, 1175],
];
const FADE_SECONDS = 0.5;

const button = byId('sound');
/** Made at the first tap: browsers allow no sound before. */
let audio = null;

/** Connects the switch, which each tablet remembers. */
export function connect() {
  render();
  button.addEventListener('click', () => {
    if (isOn()) localStorage.setItem(SILENT, 'yes');
    else localStorage.removeItem(SILENT);
    render();
    ring();
  });
  for (const touched of ['click', 'keydown']) addEventListener(touched, allow, { capture: true });
}

/** Rings, unless the sound is switched off or the page was never touched. */
export function ring() {
  if (!audio || !isOn()) return;
  for (const [begin, frequency] of TONES) {
    const at = audio.currentTime + begin;
    const volume = new GainNode(audio, { gain: 0.5 });
    volume.gain.setValueAtTime(0.5, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + FADE_SECONDS);
    const tone = new OscillatorNode(audio, { frequency });
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + FADE_SECONDS);
  }
}

function allow() {
  if (!audio) {
    audio = new AudioContext();
    audio.addEventListener('statechange', render);
  }
  // A tablet that was asleep suspends it again.
  if (audio.state !== 'running') audio.resume().catch(() => {});
  render();
}

function isOn() {
  return !localStorage.getItem(SILENT);
}

function render() {
  button.setAttribute('aria-checked', String(isOn()));
  byId('sound-hint').hidden = !isOn() || audio?.state === 'running';
}
