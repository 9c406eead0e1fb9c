{{/* The primary answers; candidates receive copies of a percentage of the requests. */}}
{{- define "sluice.rules.mirrored" -}}
{{- $mirrors := list }}
{{- range $version := .versions }}
{{- if and $version.routed (ne $version.name $.primary.name) (gt (int64 $version.weight) 0) }}
{{- $mirrors = append $mirrors (dict "version" $version "percent" $version.weight) }}
{{- end }}
{{- end }}
{{- $backends := list (dict "version" .primary "share" 100) }}
{{- $rules := list (dict "name" .name "matches" .matches "backends" $backends "mirrors" $mirrors) }}
{{- if .matches }}
{{- $rules = append $rules (dict "name" .primary.name "backends" $backends) }}
{{- end }}
{{- toJson $rules }}
{{- end }}
