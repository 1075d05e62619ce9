/** The least that a handler can be: what everything else in Node is measured by. */

export const RESTAURANTS = [];
const headers = { 'content-type': 'application/json' };

export async function handle(event) {
  const body = JSON.parse(event.body);
  if (!('theme' in body)) return { statusCode: 400, headers, body: '{}' };
  return { statusCode: 200, headers, body: JSON.stringify(RESTAURANTS.slice(0, body.count ?? 4)) };
}
