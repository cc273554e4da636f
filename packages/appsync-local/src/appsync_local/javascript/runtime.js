// What surrounds a resolver's code: its context, and the globals util, runtime and console.
//
// A large value of the host crosses over as JSON text, which is parsed when the code looks at it. What the code passes on
// untouched goes back as a reference: `{[marker]: id}`. The engine calls nothing of the host: what the code asks for
// ends the evaluation, which begins anew with the answers.
(() => {
  const root = globalThis;
  const { $marker: marker, Date, Proxy, Reflect, RegExp } = root;
  const { parse, stringify } = JSON;
  const { defineProperty, fromEntries, hasOwn, keys } = Object;
  const normalize = String.prototype.normalize;
  const isArray = Array.isArray;
  let evaluation = 0;
  let encoding = false;
  let answers = {};
  let used = {};
  let authType = null;
  let errors = [];
  let logged = [];

  const define = (target, key, value, writable = true) =>
    defineProperty(target, key, { value, writable, enumerable: true, configurable: writable });

  class Lazy {
    constructor(id, text) {
      this.id = id;
      this.text = text;
      this.evaluation = evaluation;
    }
    fill(target) {
      const values = parse(this.text);
      this.text = null;
      for (const key of keys(values)) define(target, key, values[key]);
    }
    get(target, key, receiver) {
      if (this.text !== null) {
        if (encoding && key === 'toJSON' && this.evaluation === evaluation) return () => ({ [marker]: this.id });
        this.fill(target);
      }
      return Reflect.get(target, key, receiver);
    }
  }
  for (const trap of ['set', 'has', 'deleteProperty', 'ownKeys', 'getOwnPropertyDescriptor', 'defineProperty']) {
    Lazy.prototype[trap] = function (target, ...rest) {
      if (this.text !== null) this.fill(target);
      return Reflect[trap](target, ...rest);
    };
  }

  // In place of a large value: [id] for a list, {id} for an object, {of} for an object whose values are such places.
  const received = (place, texts) => {
    if (isArray(place)) return new Proxy([], new Lazy(place[0], texts[place[0]]));
    return place.of ? filled({}, place, texts) : new Proxy({}, new Lazy(place.id, texts[place.id]));
  };
  const filled = (target, { of, small }, texts) => {
    for (const key of keys(small)) define(target, key, hasOwn(of, key) ? received(of[key], texts) : small[key]);
    return target;
  };

  class Halt {
    constructor(outcome) {
      this.outcome = outcome;
    }
  }
  const ask = (name, ...args) => {
    const key = stringify([name, ...args]);
    const known = answers[key] ?? [];
    const index = used[key] ?? 0;
    if (index === known.length) throw new Halt({ ask: key });
    used[key] = index + 1;
    if (known[index].error !== undefined) throw new Error(known[index].error);
    return known[index].value;
  };
  const asked = (...names) => fromEntries(names.map((name) => [name, (...args) => ask(name, ...args)]));
  const text = (value) => (value === null || value === undefined ? null : String(value));
  const failure = (message, type, data, info) => ({ message: text(message), type: text(type), data, info });

  root.util = {
    ...asked('autoId', 'autoUlid', 'autoKsuid', 'base64Encode', 'base64Decode'),
    urlEncode: (value) => ask('urlEncode', String(value)),
    urlDecode: (value) => ask('urlDecode', String(value)),
    escapeJavaScript: (value) => ask('escapeJavaScript', String(value)),
    matches: (pattern, value) => new RegExp(pattern).test(value),
    authType: () => authType,
    error: (message, type, data, info) => {
      throw new Halt({ error: failure(message, type, data, info) });
    },
    appendError: (message, type, data, info) => {
      errors.push(failure(message, type, data, info));
    },
    unauthorized: () => {
      throw new Halt({ unauthorized: true });
    },
    time: {
      nowISO8601: () => new Date().toISOString(),
      nowEpochSeconds: () => Math.floor(Date.now() / 1000),
      nowEpochMilliSeconds: () => Date.now(),
      nowFormatted: (format, zone) => ask('formatTime', Date.now(), format, zone),
      parseFormattedToEpochMilliSeconds: (value, format, zone) => ask('parseTime', value, format, zone),
      parseISO8601ToEpochMilliSeconds: (value) => ask('parseISO8601', value),
      epochMilliSecondsToSeconds: (value) => Math.floor(value / 1000),
      epochMilliSecondsToISO8601: (value) => new Date(value).toISOString(),
      epochMilliSecondsToFormatted: (value, format, zone) => ask('formatTime', value, format, zone),
    },
    str: { normalize: (value, form) => normalize.call(value, String(form).toUpperCase()) },
    math: {
      roundNum: (value) => Math.round(value),
      minVal: (one, other) => Math.min(one, other),
      maxVal: (one, other) => Math.max(one, other),
      randomDouble: () => ask('randomDouble'),
      randomWithinRange: (start, end) => ask('randomWithinRange', start, end),
    },
  };
  root.runtime = {
    earlyReturn: (value, options) => {
      throw new Halt({ early: true, value, skipTo: options?.skipTo });
    },
  };
  const log = (level) => (...values) => {
    logged.push([level, values.map((value) => (typeof value === 'string' ? value : stringify(value))).join(' ')]);
  };
  root.console = { log: log('info'), error: log('error') };

  let handlers;
  root.$define = (module) => {
    delete root.$define;
    delete root.$run;
    handlers = module({ util: root.util, runtime: root.runtime });
    return stringify(keys(handlers).filter((name) => typeof handlers[name] === 'function'));
  };
  root.$run = (handler, request, ...texts) => {
    evaluation += 1;
    const given = parse(request);
    const ctx = given.fields;
    const places = given.places;
    for (const key in places) ctx[key] = received(places[key], texts);
    ctx.args = ctx.arguments;
    define(ctx, 'stash', ctx.stash, false);
    answers = given.answers;
    authType = given.authType;
    used = {};
    errors = [];
    logged = [];
    let outcome;
    try {
      outcome = { value: handlers[handler](ctx) };
    } catch (thrown) {
      if (!(thrown instanceof Halt)) return stringify({ ...described(thrown), logged });
      outcome = thrown.outcome;
    }
    encoding = true;
    try {
      outcome.stash = ctx.stash;
      if (errors.length > 0) outcome.errors = errors;
      if (logged.length > 0) outcome.logged = logged;
      return stringify(outcome);
    } catch (thrown) {
      return stringify({ ...described(thrown), logged });
    } finally {
      encoding = false;
    }
  };
  const described = (thrown) => ({ thrown: String(thrown), stack: String(thrown?.stack ?? '') });

  const remove = (owner, ...names) => names.forEach((name) => delete owner[name]);
  remove(root, 'Date', 'RegExp', 'Promise', 'Proxy', 'Reflect', 'Symbol', 'eval', 'Function', 'globalThis');
  remove(root, 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'queueMicrotask', 'performance');
  remove(root, '$marker');
  remove(Math, 'random');
  remove(Array, 'from', 'of', 'fromAsync');
  remove(Array.prototype, 'copyWithin', 'entries', 'keys', 'values');
  remove(Object, 'create', 'defineProperties', 'defineProperty', 'freeze', 'getOwnPropertyDescriptor');
  remove(Object, 'getOwnPropertyDescriptors', 'getOwnPropertyNames', 'getOwnPropertySymbols', 'getPrototypeOf', 'is');
  remove(Object, 'isExtensible', 'isFrozen', 'isSealed', 'preventExtensions', 'seal', 'setPrototypeOf');
  remove(String, 'fromCharCode', 'fromCodePoint', 'raw');
  remove(String.prototype, 'charCodeAt', 'localeCompare', 'matchAll', 'padEnd', 'padStart', 'repeat', 'search');
  remove(String.prototype, 'toLocaleLowerCase', 'toLocaleUpperCase');
})();
