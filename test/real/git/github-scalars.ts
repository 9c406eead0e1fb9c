import { GraphQLError, type GraphQLSchema, isScalarType, valueFromASTUntyped } from 'graphql';

/** What the texts of GitHub's own scalars look like; a schema can only name them. */
const forms: Readonly<Record<string, { test(text: string): boolean }>> = {
  // Of many megabytes, which a pattern of groups does not get through.
  Base64String: { test: (text) => text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(text.replace(/={1,2}$/, '')) },
  DateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  GitObjectID: /^[0-9a-f]{40}$/,
  URI: /^[a-z]+:\/\//,
};

/** Makes the schema refuse other texts for these scalars, in variables, in queries and in answers. */
export function knowScalars(schema: GraphQLSchema): void {
  for (const [name, form] of Object.entries(forms)) {
    const type = schema.getType(name);
    if (!isScalarType(type)) throw new Error(`Cannot find the scalar ${name} in GitHub's schema`);
    const known = (value: unknown) => {
      if (typeof value === 'string' && form.test(value)) return value;
      throw new GraphQLError(`${name} cannot represent ${JSON.stringify(value)?.slice(0, 100)}`);
    };
    type.parseValue = known;
    type.serialize = known;
    type.parseLiteral = (node, variables) => known(valueFromASTUntyped(node, variables));
  }
}
