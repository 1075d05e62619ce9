// The script of both pages: one file, so that the package holds what they share once, and a browser loads it once. Each part looks
// for its own elements as it is imported, so only the part of the page that is open is.

if (document.body.dataset.page === 'restaurant') import('./restaurant.js');
else import('./customer.js');
