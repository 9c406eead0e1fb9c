import * as z from 'zod';
import { onDemand } from './on-demand.js';
import { Labels, maybe, Port } from './shapes.js';

/** Istio's HTTPMatchRequest; what only Istio can express is kept as written. */
function istioMatch() {
  const StringMatch = z.union(
    [
      z.strictObject({ exact: z.string() }),
      z.strictObject({ prefix: z.string() }),
      z.strictObject({ regex: z.string() }),
    ],
    { error: 'needs one of exact, prefix or regex, with a string' },
  );

  // An object without keys; a strict one would win the union, and call every key unknown.
  const Nothing = z
    .record(z.string(), z.never())
    .meta({ propertyNames: undefined, properties: {}, additionalProperties: false });

  // How a header or a query parameter is compared; `{}` asks only whether it is there.
  const NamedStringMatch = z.union([...StringMatch.options, Nothing], {
    error: 'needs one of exact, prefix or regex, with a string: or write {} for any value',
  });

  return z.strictObject({
    headers: z.record(z.string(), NamedStringMatch).optional(),
    queryParams: z.record(z.string(), NamedStringMatch).optional(),
    uri: StringMatch.optional(),
    method: z.strictObject({ exact: z.string().min(1) }).optional(),
    name: z.string().optional(),
    scheme: StringMatch.optional(),
    authority: StringMatch.optional(),
    port: Port.optional(),
    sourceLabels: Labels.optional(),
    sourceNamespace: z.string().optional(),
    gateways: z.array(z.string()).optional(),
    ignoreUriCase: z.boolean().optional(),
    withoutHeaders: z.record(z.string(), NamedStringMatch).optional(),
    statPrefix: z.string().optional(),
  });
}

/** The Gateway API's HTTPRouteMatch. */
function gatewayMatch() {
  const GatewayNamedMatch = z.strictObject({
    type: z.enum(['Exact', 'RegularExpression']).optional(),
    name: z.string(),
    value: z.string(),
  });

  return z.strictObject({
    headers: z.array(GatewayNamedMatch).optional(),
    queryParams: z.array(GatewayNamedMatch).optional(),
    path: z
      .strictObject({
        type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']).optional(),
        value: z.string().optional(),
      })
      .optional(),
    method: z.string().min(1).optional(),
  });
}

/** The two forms in which a match may be written, on the application or on a version. */
export const matchForms = {
  match: maybe(onDemand(() => z.array(istioMatch()))).describe("Istio's form of a match"),
  matches: maybe(onDemand(() => z.array(gatewayMatch()))).describe("the Gateway API's form of a match"),
};
