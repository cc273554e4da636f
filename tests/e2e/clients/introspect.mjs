// What GraphiQL and code generators do with a running API: ask for its schema in each form, print it and read it again.
import { buildClientSchema, buildSchema, getIntrospectionQuery, printSchema } from 'graphql';
import { asked, tell } from './common.mjs';

const options = ['descriptions', 'specifiedByUrl', 'directiveIsRepeatable', 'schemaDescription', 'inputValueDeprecation', 'oneOf'];
const forms = [{}, ...options.map((option) => ({ [option]: true })), Object.fromEntries(options.map((each) => [each, true]))];
const outcomes = {};
for (const form of forms) {
  const answer = await fetch(asked.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': asked.apiKey },
    body: JSON.stringify({ query: getIntrospectionQuery(form) }),
  });
  const { data, errors } = await answer.json();
  outcomes[Object.keys(form).join(' ')] = errors ?? Object.keys(buildSchema(printSchema(buildClientSchema(data))).getQueryType().getFields());
}
tell(outcomes);
