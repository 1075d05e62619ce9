// The page that describes the APIs: one service at a time, by `?service=`.

import documents from 'openapi-documents';
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import './docs.css';

const servers = JSON.parse(document.body.dataset.servers);
const services = Object.keys(documents).filter((service) => servers[service]);
const asked = new URLSearchParams(location.search).get('service');
const shown = services.includes(asked) ? asked : services[0];

document.querySelector('#services').replaceChildren(
  ...services.map((service) => {
    const link = Object.assign(document.createElement('a'), { href: `?service=${service}`, textContent: service });
    if (service === shown) link.setAttribute('aria-current', 'page');
    return link;
  }),
);

SwaggerUI({
  spec: { ...documents[shown], servers: [{ url: servers[shown] }] },
  domNode: document.querySelector('#description'),
  deepLinking: true,
  // It would send the document to a server of Swagger's.
  validatorUrl: null,
});
