export type Labels = Readonly<Record<string, string>>

export interface Counter {
  inc(labels: Labels, value?: number): void
}
export interface Gauge {
  set(labels: Labels, value: number): void
}
export interface Histogram {
  observe(labels: Labels, value: number): void
}

/** As much of prom-client, from version 15 on, as is used here: `import client from 'prom-client'`. */
export interface PromClient {
  /** Where metrics go unless another registry is named. */
  readonly register: object
  // What they take is prom-client's own business, and differs between its versions in words alone.
  readonly Counter: new (configuration: never) => Counter
  readonly Gauge: new (configuration: never) => Gauge
  readonly Histogram: new (configuration: never) => Histogram
}
