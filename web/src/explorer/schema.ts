import { answerOf, type Caller } from '../api/request';

export type Introspection = { readonly kind: 'on' } | { readonly kind: 'off'; readonly reason: string };

const QUESTION = '{ __schema { queryType { name } } }';

/** Whether the API tells its schema. A stage can have that switched off; then `reason` is what it says. */
export async function introspectionOf(caller: Caller): Promise<Introspection> {
  const { data, errors } = await answerOf(caller, { query: QUESTION, variables: {} });
  const isTold = data && !errors?.length;
  return isTold
    ? { kind: 'on' }
    : { kind: 'off', reason: errors?.map(({ message }) => message).join(' ') ?? '' };
}
