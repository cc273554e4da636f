import { util } from '@aws-appsync/utils';

// The function gets the event of a direct Lambda resolver. All but mutations and subscriptions are batched, as
// maxBatchSize in serverless.yml says.
export function request(ctx) {
  const { identity, source, prev, info, stash } = ctx;
  return {
    operation: ['Mutation', 'Subscription'].includes(info.parentTypeName) ? 'Invoke' : 'BatchInvoke',
    payload: { arguments: ctx.args, identity, source, request: ctx.request, prev, info, stash },
  };
}

// The function answers {data} or {error}; it raises nothing (resolvers/dispatch.py). What Lambda says of a timeout or a
// crash is for the logs.
export function response(ctx) {
  if (ctx.error) {
    util.error('Something went wrong on our side.', ctx.error.type);
  }
  const { data, error } = ctx.result;
  if (error) {
    util.error(error.message, error.type, null, error.info);
  }
  return data;
}
