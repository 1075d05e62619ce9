import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, found from this file, so that every command works from any folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
export const STATE = path.join(ROOT, '.bigmouth');
export const VENV = path.join(ROOT, '.venv');
export const EMULATOR_VENV = path.join(STATE, 'emulator-venv');

/** Path of a program inside a virtual environment. */
export function inVenv(venv, program) {
  return path.join(venv, 'bin', program);
}
