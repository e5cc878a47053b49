/**
 * What APPSYNC_JS has, as a TypeScript library: the type checker refuses the rest. `@refused` marks what TypeScript knows and AWS
 * refuses, `@unlisted` what AWS does not document though it is not known to be refused.
 */
export const runtimeLibrary = `
type PropertyKey = string | number | symbol
type Partial<T> = { [P in keyof T]?: T[P] }
type Required<T> = { [P in keyof T]-?: T[P] }
type Readonly<T> = { readonly [P in keyof T]: T[P] }
type Pick<T, K extends keyof T> = { [P in K]: T[P] }
type Record<K extends keyof any, T> = { [P in K]: T }
type Exclude<T, U> = T extends U ? never : T
type Extract<T, U> = T extends U ? T : never
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>
type NonNullable<T> = T & {}
type Parameters<T> = T extends (...args: infer P) => any ? P : never
type ReturnType<T> = T extends (...args: any) => infer R ? R : any
interface ThisType<T> {}
interface IArguments { length: number; [index: number]: any }
interface RegExp {}
interface Symbol {}
interface SymbolConstructor { readonly iterator: unique symbol }
declare var Symbol: SymbolConstructor
interface TemplateStringsArray extends ReadonlyArray<string> { readonly raw: readonly string[] }
interface ArrayBuffer {}
interface IteratorResult<T> { done?: boolean; value: T }
interface Iterator<T> { next(): IteratorResult<T> }
interface Iterable<T> { [Symbol.iterator](): Iterator<T> }
interface IterableIterator<T> extends Iterator<T> { [Symbol.iterator](): IterableIterator<T> }
interface Function {
  readonly length: number
  readonly name: string
  /** @refused */ apply(...args: any[]): any
  /** @refused */ bind(...args: any[]): any
  /** @refused */ call(...args: any[]): any
}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface Object {
  /** @unlisted */ toString(): string
  /** @unlisted */ hasOwnProperty(name: PropertyKey): boolean
  /** @refused */ valueOf(): Object
  /** @refused */ toLocaleString(): string
  /** @refused */ isPrototypeOf(value: any): boolean
  /** @refused */ propertyIsEnumerable(name: PropertyKey): boolean
}
interface ObjectConstructor {
  assign(target: any, ...sources: any[]): any
  entries(object: any): [string, any][]
  hasOwn(object: any, name: PropertyKey): boolean
  keys(object: any): string[]
  values(object: any): any[]
  /** @unlisted */ fromEntries(entries: any): any
  ${[
    "create",
    "defineProperties",
    "defineProperty",
    "freeze",
    "getOwnPropertyDescriptor",
    "getOwnPropertyDescriptors",
    "getOwnPropertyNames",
    "getOwnPropertySymbols",
    "getPrototypeOf",
    "hasOwnProperty",
    "is",
    "isExtensible",
    "isFrozen",
    "isPrototypeOf",
    "isSealed",
    "preventExtensions",
    "propertyIsEnumerable",
    "seal",
    "setPrototypeOf",
    "toLocaleString",
    "toString",
    "valueOf",
    "groupBy",
  ]
    .map(name => `/** @refused */ ${name}(...args: any[]): any`)
    .join("\n  ")}
}
declare var Object: ObjectConstructor
interface Boolean {}
interface String {
  readonly length: number
  readonly [index: number]: string
  [Symbol.iterator](): IterableIterator<string>
  charAt(index: number): string
  concat(...parts: any[]): string
  endsWith(search: string, end?: number): boolean
  includes(search: string, start?: number): boolean
  indexOf(search: string, start?: number): number
  lastIndexOf(search: string, start?: number): number
  replace(pattern: string, replacement: string): string
  replaceAll(pattern: string, replacement: string): string
  slice(start?: number, end?: number): string
  split(separator: string, limit?: number): string[]
  startsWith(search: string, start?: number): boolean
  toLowerCase(): string
  toUpperCase(): string
  trim(): string
  trimEnd(): string
  trimStart(): string
  substring(start: number, end?: number): string
  /** @unlisted */ substr(start: number, length?: number): string
  /** @unlisted */ at(index: number): string
  /** @unlisted */ codePointAt(index: number): number
  ${[
    "charCodeAt",
    "localeCompare",
    "match",
    "matchAll",
    "normalize",
    "padEnd",
    "padStart",
    "repeat",
    "search",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
    "valueOf",
  ]
    .map(name => `/** @refused */ ${name}(...args: any[]): any`)
    .join("\n  ")}
}
interface StringConstructor {
  /** @refused */ (value?: any): string
  raw(strings: any, ...values: any[]): string
  /** @refused */ fromCharCode(...codes: number[]): string
  /** @refused */ fromCodePoint(...codes: number[]): string
}
declare var String: StringConstructor
interface Number {
  /** @unlisted */ toString(radix?: number): string
  /** @unlisted */ toFixed(digits?: number): string
  /** @unlisted */ toPrecision(digits?: number): string
}
interface NumberConstructor {
  /** @refused */ (value?: any): number
  isFinite(value: any): boolean
  isNaN(value: any): boolean
  /** @unlisted */ isInteger(value: any): boolean
  /** @unlisted */ parseInt(value: any, radix?: number): number
  /** @unlisted */ parseFloat(value: any): number
  /** @unlisted */ readonly MAX_SAFE_INTEGER: number
}
declare var Number: NumberConstructor
interface BooleanConstructor { /** @unlisted */ (value?: any): boolean }
declare var Boolean: BooleanConstructor
interface ReadonlyArray<T> extends Array<T> {}
interface ConcatArray<T> extends Array<T> {}
interface Array<T> {
  length: number
  [index: number]: T
  [Symbol.iterator](): IterableIterator<T>
  concat(...items: any[]): any[]
  every(test: (value: T, index: number, array: T[]) => any): boolean
  fill(value: T, start?: number, end?: number): this
  filter(test: (value: T, index: number, array: T[]) => any): T[]
  find(test: (value: T, index: number, array: T[]) => any): T
  findIndex(test: (value: T, index: number, array: T[]) => any): number
  findLast(test: (value: T, index: number, array: T[]) => any): T
  findLastIndex(test: (value: T, index: number, array: T[]) => any): number
  flat(depth?: number): any[]
  flatMap<U>(map: (value: T, index: number, array: T[]) => U | U[]): U[]
  forEach(each: (value: T, index: number, array: T[]) => any): void
  includes(value: any, start?: number): boolean
  indexOf(value: any, start?: number): number
  join(separator?: string): string
  lastIndexOf(value: any, start?: number): number
  map<U>(map: (value: T, index: number, array: T[]) => U): U[]
  pop(): T
  push(...items: T[]): number
  reduce(combine: (total: any, value: T, index: number, array: T[]) => any, start?: any): any
  reduceRight(combine: (total: any, value: T, index: number, array: T[]) => any, start?: any): any
  reverse(): T[]
  shift(): T
  slice(start?: number, end?: number): T[]
  some(test: (value: T, index: number, array: T[]) => any): boolean
  sort(compare?: (one: T, other: T) => number): this
  splice(start: number, count?: number, ...items: T[]): T[]
  unshift(...items: T[]): number
  /** @unlisted */ at(index: number): T
  ${["copyWithin", "entries", "keys", "values", "group", "groupToMap", "toLocaleString", "toString"]
    .map(name => `/** @refused */ ${name}(...args: any[]): any`)
    .join("\n  ")}
}
interface ArrayConstructor {
  /** @refused */ (...items: any[]): any[]
  /** @unlisted */ isArray(value: any): boolean
  /** @refused */ from(...args: any[]): any[]
  /** @refused */ of(...args: any[]): any[]
}
declare var Array: ArrayConstructor
interface Math {
  ceil(value: number): number
  floor(value: number): number
  max(...values: number[]): number
  min(...values: number[]): number
  random(): number
  round(value: number): number
  ${[
    "abs",
    "pow",
    "sign",
    "sqrt",
    "trunc",
    "log",
    "log10",
    "log2",
    "exp",
    "cbrt",
    "hypot",
    "sin",
    "cos",
    "tan",
    "atan2",
  ]
    .map(name => `/** @refused */ ${name}(...values: number[]): number`)
    .join("\n  ")}
}
declare var Math: Math
interface JSON {
  parse(text: string): any
  stringify(value: any, replacer?: any, space?: any): string
}
declare var JSON: JSON
interface Console {
  log(...values: any[]): void
  error(...values: any[]): void
}
declare var console: Console
declare var NaN: number
declare var Infinity: number
/** @unlisted */ declare function parseInt(text: any, radix?: number): number
/** @unlisted */ declare function parseFloat(text: any): number
/** @unlisted */ declare function isNaN(value: any): boolean
/** @unlisted */ declare function isFinite(value: any): boolean
${[
  "Date",
  "Promise",
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "RegExp",
  "Error",
  "TypeError",
  "RangeError",
  "Proxy",
  "Reflect",
  "BigInt",
  "Buffer",
  "fetch",
  "require",
  "eval",
  "Function",
  "setTimeout",
  "setInterval",
  "structuredClone",
  "encodeURIComponent",
  "decodeURIComponent",
  "encodeURI",
  "decodeURI",
  "process",
  "globalThis",
]
  .map(name => `/** @refused */ declare var ${name}: any`)
  .join("\n")}
`
