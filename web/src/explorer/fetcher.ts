import type { GraphiQLProps } from 'graphiql';
import { Kind, OperationTypeNode, parse, print, separateOperations, type DocumentNode } from 'graphql';
import { answerOf, type Caller } from '../api/request';
import { t } from '../languages/languages';
import type { SubscriptionLog } from './log/subscriptionLog';

type Fetcher = GraphiQLProps['fetcher'];

/** What GraphiQL sends operations with: subscriptions run in the log, the rest is answered as the API answers. */
export function fetcherOf(caller: Caller, log: SubscriptionLog): Fetcher {
  return async ({ query, variables, operationName }) => {
    const given = (variables ?? {}) as object;
    const { name, kind, alone } = chosenOperation(query, operationName);
    try {
      if (kind !== OperationTypeNode.SUBSCRIPTION)
        return (await answerOf(caller, { query, variables: given, operationName: name })) as object;
      const title = name ?? t('explorer.unnamed');
      await log.follow(title, alone, given);
      return { [title]: t('explorer.running') };
    } catch (error) {
      return { errors: [errorEntry(error)] };
    }
  };
}

interface Chosen {
  readonly name?: string | undefined;
  readonly kind?: OperationTypeNode;
  /** The operation without others: what starts a subscription has no place for a name. */
  readonly alone: string;
}

/** The operation that is meant. Just after a tab was changed, the name is still that of the former tab. */
export function chosenOperation(query: string, given: string | null | undefined): Chosen {
  const document = documentIn(query);
  const operations =
    document?.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION) ?? [];
  const operation = operations.find(({ name }) => name?.value === given) ?? operations[0];
  if (!document || !operation) return { name: given ?? undefined, alone: query };
  const name = operation.name?.value;
  const own = separateOperations(document)[name ?? ''];
  return { name, kind: operation.operation, alone: own && operations.length > 1 ? print(own) : query };
}

function documentIn(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null; // the API says what is wrong with it
  }
}

function errorEntry(error: unknown): object {
  const message = error instanceof Error ? error.message : String(error);
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  return { errorType: type, message };
}
