import { Kind, OperationTypeNode, print, separateOperations, type DocumentNode } from 'graphql';
import type { GraphiQLProps } from 'graphiql';
import { answerOf, ApiError, type Caller, type Operation } from '../api/request';
import { t } from '../languages/languages';
import type { SubscriptionLog } from './log/subscriptionLog';

type Fetcher = GraphiQLProps['fetcher'];

/** What GraphiQL sends operations with: subscriptions run in the log, the rest is answered as the API answers. */
export function fetcherOf(caller: Caller, log: SubscriptionLog): Fetcher {
  return async ({ query, variables, operationName }, options) => {
    const name = operationName ?? undefined;
    const operation = { query, variables: (variables ?? {}) as object, operationName: name };
    try {
      if (isSubscription(options?.documentAST, name))
        return await follow(log, operation, options?.documentAST);
      return (await answerOf(caller, operation)) as object;
    } catch (error) {
      return { errors: [errorEntry(error)] };
    }
  };
}

async function follow(
  log: SubscriptionLog,
  operation: Operation & { variables: object },
  document?: DocumentNode,
): Promise<object> {
  const name = operation.operationName ?? t('explorer.unnamed');
  await log.follow(name, alone(operation, document), operation.variables);
  return { [name]: t('explorer.running') };
}

/** A connection is told no operation's name, so that it gets a document with this operation alone. */
function alone({ query, operationName }: Operation, document?: DocumentNode): string {
  const operations = document ? separateOperations(document) : {};
  const own = operations[operationName ?? ''];
  return own && Object.keys(operations).length > 1 ? print(own) : query;
}

function isSubscription(document: DocumentNode | undefined, name: string | undefined): boolean {
  return !!document?.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === OperationTypeNode.SUBSCRIPTION &&
      (name === undefined || definition.name?.value === name),
  );
}

function errorEntry(error: unknown): object {
  const message = error instanceof Error ? error.message : String(error);
  return { errorType: isTyped(error) ? error.type : 'Error', message };
}

const isTyped = (error: unknown): error is Pick<ApiError, 'type'> =>
  error instanceof Error && 'type' in error && typeof error.type === 'string';
