{{/* Every request goes to the primary. */}}
{{- define "sluice.rules.none" -}}
{{- list (dict "name" .primary.name "backends" (list (dict "version" .primary "share" 100))) | toJson }}
{{- end }}
