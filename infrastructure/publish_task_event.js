// What handleEvents publishes reaches the subscribers as it came: no data source stands behind this mutation.
export function request(ctx) {
  return { payload: ctx.args.event };
}

export function response(ctx) {
  return ctx.result;
}
