{{/* Routed versions share the requests by weight; those outside a match stay on the primary. */}}
{{- define "sluice.rules.blue-green" -}}
{{- $routed := list }}
{{- $weights := list }}
{{- range $version := .versions }}
{{- if $version.routed }}
{{- $routed = append $routed $version }}
{{- $weights = append $weights (int64 $version.weight) }}
{{- end }}
{{- end }}
{{- $shares := include "sluice.shares" (dict "weights" $weights "total" 100) | fromJsonArray }}
{{- $backends := list }}
{{- range $position, $version := $routed }}
{{- $share := index $shares $position }}
{{- if gt (int64 $share) 0 }}
{{- $backends = append $backends (dict "version" $version "share" $share) }}
{{- else if and (gt (int64 $version.weight) 0) (ne $.environment "kubernetes") }}
{{- $total := 0 }}
{{- range $weights }}
{{- $total = add $total . }}
{{- end }}
{{- fail (printf "the weight of %s is %d of %d, which rounds to 0 %%: raise it, or set it to 0" $version.name (int64 $version.weight) $total) }}
{{- end }}
{{- end }}
{{- $rules := list (dict "name" .name "matches" .matches "backends" $backends "weighted" true) }}
{{- if .matches }}
{{- $rules = append $rules (dict "name" .primary.name "backends" (list (dict "version" .primary "share" 100))) }}
{{- end }}
{{- toJson $rules }}
{{- end }}
