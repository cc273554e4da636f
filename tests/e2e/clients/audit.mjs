// graphql-http's audit of the GraphQL over HTTP specification: what is not met, by the id of the requirement.
import { auditServer } from 'graphql-http';
import { asked, tell } from './common.mjs';

const fetchFn = (url, options = {}) =>
  fetch(url, { ...options, headers: { ...options.headers, 'x-api-key': asked.apiKey } });
const results = await auditServer({ url: asked.url, fetchFn });
const unmet = results.filter(({ status }) => status !== 'ok');
tell({
  met: results.length - unmet.length,
  unmet: Object.fromEntries(unmet.map(({ id, name, status, reason }) => [id, `${status}: ${name} (${reason})`])),
});
