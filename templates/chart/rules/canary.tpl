{{/* Requests that match go to their candidate, all others to the primary. */}}
{{- define "sluice.rules.canary" -}}
{{- $rules := list }}
{{- $header := dict "name" "traffic" "match" (dict "kind" "exact" "value" "test") }}
{{- $usual := list (dict "headers" (list $header) "query" list "path" dict) }}
{{- range $version := .versions }}
{{- if and $version.routed (ne $version.name $.primary.name) }}
{{- $backends := list (dict "version" $version "share" 100) }}
{{- $matches := $version.matches | default $usual }}
{{- $rules = append $rules (dict "name" $version.name "matches" $matches "backends" $backends) }}
{{- end }}
{{- end }}
{{- append $rules (dict "name" .primary.name "backends" (list (dict "version" .primary "share" 100))) | toJson }}
{{- end }}
