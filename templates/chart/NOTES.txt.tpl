{{- $release := include "sluice.release" . | fromJson -}}
{{ $release.name }} runs in namespace {{ $release.namespace }}: environment {{ $release.environment }}, strategy {{ $release.strategy }}, primary {{ $release.primary.name }}.

How requests flow now:
{{- $reached := list }}
{{- range $position, $rule := $release.rules }}
{{- $conditions := list }}
{{- range $match := $rule.matches }}
{{- $parts := list }}
{{- range $header := $match.headers }}
{{- $parts = append $parts (printf "header %s %s" $header.name (include "sluice.note" $header.match)) }}
{{- end }}
{{- range $parameter := $match.query }}
{{- $parts = append $parts (printf "query parameter %s %s" $parameter.name (include "sluice.note" $parameter.match)) }}
{{- end }}
{{- if $match.path }}
{{- $parts = append $parts (printf "path %s" (include "sluice.note" $match.path)) }}
{{- end }}
{{- if $match.method }}
{{- $parts = append $parts (printf "method %s" $match.method) }}
{{- end }}
{{- $conditions = append $conditions (join " and " $parts | default "its own conditions") }}
{{- end }}
- {{ if $conditions }}requests with {{ join ", or with " $conditions }}{{ else if $position }}all others{{ else }}every request{{ end }}:
{{- range $backend := $rule.backends }}
{{- $reached = append $reached $backend.version.name }}
    {{ int64 $backend.share }} % to {{ $backend.version.name }}
{{- end }}
{{- range $mirror := $rule.mirrors }}
{{- $reached = append $reached $mirror.version.name }}
    {{ int64 $mirror.percent }} % copied to {{ $mirror.version.name }}, whose answers nobody sees
{{- end }}
{{- end }}
{{- range $version := $release.versions }}
{{- if not (has $version.name $reached) }}
- nothing to {{ $version.name }}{{ if not $version.routed }}, which is not routed{{ else if ne $release.strategy "none" }}, whose weight is 0{{ end }}
{{- end }}
{{- end }}

Next: change application.versions in the values file; with this chart in DIR

  helm upgrade {{ .Release.Name }} DIR -n {{ .Release.Namespace }} -f values.yaml
{{- if has $release.strategy (list "blue-green" "mirrored") }}

--set 'application.versions[1].weight=30' beside -f tries a weight without the file.
{{- end }}
{{- if $release.tested }}

To ask the route: helm test {{ .Release.Name }} -n {{ .Release.Namespace }} --logs
{{- end }}

{{/* A comparison in words. */}}
{{- define "sluice.note" -}}
{{- $words := dict "exact" "equal to" "prefix" "starting with" "regex" "matching" }}
{{- if .kind }}{{ get $words .kind }} {{ .value | quote }}{{ else }}present{{ end }}
{{- end }}
