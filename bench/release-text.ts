/** Returns the values of a release under analysis, with a version for each weight. */
export function releaseText(name: string, weights: readonly number[]): string {
  const versions = weights.map(
    (weight, i) => `
  - metadata: {name: ${name}-v${i + 1}}
    image: registry.example/${name}:v${i + 1}
    weight: ${weight}`,
  );
  return `environment: istio
application:
  port: 8080
  strategy: blue-green
  deployment:
    spec:
      template:
        spec:
          containers:
          - resources:
              requests: {cpu: 100m, memory: 64Mi}
  versions:${versions.join('')}
analysis:
  interval: 60s
  judge: threshold
  objectives:
  - {metric: error-rate, upperLimit: 0.01}
rollout:
  policy: steps
  steps: [5, 20, 50]
`;
}
