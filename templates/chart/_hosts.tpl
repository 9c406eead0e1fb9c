{{/* The names that a route has in the mesh without being told; a host of the same name is not written twice. */}}
{{- define "sluice.knownHosts" -}}
{{- $known := list }}
{{- if ne .environment "emissary" }}
{{- $name := printf "%s.%s" .name .namespace }}
{{- $known = list $name (printf "%s.svc" $name) (printf "%s.svc.cluster.local" $name) }}
{{- if eq .matchForm "matches" }}
{{- $known = append $known .name }}
{{- end }}
{{- end }}
{{- toJson $known }}
{{- end }}

{{/* NAME or NAMESPACE/NAME. */}}
{{- define "sluice.gateway" -}}
{{- $parts := splitList "/" (. | default "") }}
{{- if . }}
{{- dict "name" (last $parts) "namespace" (ternary (first $parts) "" (gt (len $parts) 1)) | toJson }}
{{- else }}
{{- "{}" }}
{{- end }}
{{- end }}

{{/* The same with the release's own namespace where it names none, by which two are told apart. */}}
{{- define "sluice.gateway.whole" -}}
{{- printf "%s/%s" (.gateway.namespace | default .release.namespace) .gateway.name }}
{{- end }}
