{{/*
Stops a Deployment whose selector does not fit its own pods, which the API server refuses. From a `version`, its `key` and the
`release`; prints nothing.
*/}}
{{- define "sluice.checks.selector" -}}
{{- $version := .version }}
{{- $given := $version.workloadSpecification.spec }}
{{- $place := printf "%s.deploymentSpecification" .key }}
{{- $overlays := list }}
{{- range $overlay := $version.overlays }}
{{- $part := include "sluice.checks.selecting" ($overlay.spec | default dict) }}
{{- if ne $part "{}" }}
{{- $overlays = append $overlays (dict "spec" (fromJson $part)) }}
{{- $place = "deployment" }}
{{- end }}
{{- end }}
{{- if or $overlays $given }}
{{- $labels := dict "app" $version.instance "version" $version.instance "app.kubernetes.io/instance" $version.instance "app.kubernetes.io/managed-by" "sluice" "app.kubernetes.io/name" .release.name }}
{{- $spec := dict "selector" (dict "matchLabels" (dict "app" $version.instance)) "template" (dict "metadata" (dict "labels" $labels)) }}
{{- if $given }}
{{- $spec = include "sluice.checks.selecting" $given | fromJson }}
{{- end }}
{{- $spec = (include "sluice.overlaid" (dict "base" (dict "spec" $spec) "overlays" $overlays) | fromJson).spec }}
{{- $labels = (($spec.template | default dict).metadata | default dict).labels | default dict }}
{{- $selector := $spec.selector | default dict }}
{{- $message := printf "%s.spec.selector: it asks for %%s, which the pods of %s do not carry: add that label to spec.template.metadata.labels, or leave the selector as it is generated" $place $version.name }}
{{- range $key, $value := $selector.matchLabels }}
{{- if or (not (hasKey $labels $key)) (ne (get $labels $key | toString) (toString $value)) }}
{{- fail (printf $message (printf "%s: %v" $key $value)) }}
{{- end }}
{{- end }}
{{- range $expression := $selector.matchExpressions }}
{{- $has := hasKey $labels $expression.key }}
{{- $among := and $has (has (get $labels $expression.key | toString) ($expression.values | default list)) }}
{{- $fits := dict "In" $among "NotIn" (not $among) "Exists" $has "DoesNotExist" (not $has) }}
{{- if not (get $fits $expression.operator) }}
{{- fail (printf $message (toJson $expression)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Of the `spec` of a Deployment what says which pods it has: the selector, and the labels of its pods. As JSON. */}}
{{- define "sluice.checks.selecting" -}}
{{- $part := dict }}
{{- if kindIs "map" .selector }}
{{- $_ := set $part "selector" .selector }}
{{- end }}
{{- if kindIs "map" .template }}
{{- if kindIs "map" .template.metadata }}
{{- if hasKey .template.metadata "labels" }}
{{- $_ := set $part "template" (dict "metadata" (pick .template.metadata "labels")) }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $part }}
{{- end }}
