{{/*
The rules of a release whose sessions stay with their version by a cookie: before every split by weight stands one rule
per version, for the sessions that it was dealt. As a JSON list.
*/}}
{{- define "sluice.sessions" -}}
{{- $affinity := .sessionAffinity }}
{{- $everything := dict "headers" list "query" list "path" dict "call" dict }}
{{- $rules := list }}
{{- range $rule := .rules }}
{{- if and $rule.weighted (gt (len $rule.backends) 1) }}
{{- range $backend := $rule.backends }}
{{- $version := $backend.version }}
{{- /* The names of cookies and versions hold nothing that an expression reads in another way. */}}
{{- $value := printf "(.*;\\s*)?%s=%s\\s*(;.*)?" $affinity.cookie $version.name }}
{{- $holds := dict "name" "cookie" "match" (dict "kind" "regex" "value" $value) }}
{{- $matches := list }}
{{- range $match := $rule.matches | default (list $everything) }}
{{- $matches = append $matches (set (deepCopy $match) "headers" (append $match.headers $holds)) }}
{{- end }}
{{- $backends := list (dict "version" $version "share" 100) }}
{{- $name := printf "%s-%s" $rule.name $version.name }}
{{- $rules = append $rules (dict "name" $name "matches" $matches "backends" $backends "weighted" true) }}
{{- end }}
{{- $rule = set (deepCopy $rule) "session" $affinity }}
{{- end }}
{{- $rules = append $rules $rule }}
{{- end }}
{{- toJson $rules }}
{{- end }}
