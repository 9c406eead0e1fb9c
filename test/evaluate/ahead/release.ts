/** What is said of a release; the rest is usual. */
interface Told {
  /** Of reviews-v1, reviews-v2 and so on. @default [100, 0] */
  readonly weights?: readonly number[];
  /** @default blue-green */
  readonly strategy?: string;
  /** Of the objective. @default none */
  readonly upperLimit?: number;
  /** Keys of the analysis beside its interval and its objective, in braces' form. */
  readonly analysis?: string;
  /** Keys of the rollout, in braces' form. @default none */
  readonly rollout?: string;
}

/** Returns the values of a release under analysis. */
export function release({ weights = [100, 0], strategy = 'blue-green', upperLimit, analysis, rollout }: Told): string {
  const versions = weights.map((weight, i) => {
    const name = `reviews-v${i + 1}`;
    return `  - {metadata: {name: ${name}}, image: "registry.example/reviews:v${i + 1}", weight: ${weight}}\n`;
  });
  return `environment: istio
application:
  strategy: ${strategy}
  versions:
${versions.join('')}analysis: {interval: 60s, objectives: [{metric: error-rate${upperLimit === undefined ? '' : `, upperLimit: ${upperLimit}`}}]${analysis === undefined ? '' : `, ${analysis}`}}
${rollout === undefined ? '' : `rollout: {${rollout}}\n`}`;
}
