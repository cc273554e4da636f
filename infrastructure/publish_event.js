// What the pipeline publishes reaches the subscribers as it came: no data source stands behind these mutations.
export function request(ctx) {
  return { payload: ctx.args.event };
}

export function response(ctx) {
  return ctx.result;
}
