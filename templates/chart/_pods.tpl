{{/*
The versions with their parts of `replicas`, by weight. Whatever is merged over a Deployment, the number of pods and the
labels that the Service of all versions selects stay. As a JSON list.
*/}}
{{- define "sluice.divided" -}}
{{- $labels := dict "app.kubernetes.io/name" .name "app.kubernetes.io/managed-by" "sluice" }}
{{- $weights := list }}
{{- range $version := .versions }}
{{- $weights = append $weights (ternary (int64 $version.weight) 0 $version.routed) }}
{{- end }}
{{- $pods := include "sluice.shares" (dict "weights" $weights "total" .replicas) | fromJsonArray }}
{{- $versions := list }}
{{- range $position, $version := .versions }}
{{- $count := index $pods $position | int64 }}
{{- if and (eq $count 0) (gt (index $weights $position | int64) 0) }}
{{- fail (printf "application.versions[%d].weight is %d, which is no pod of %d: raise it, or application.replicas" $position (int64 $version.weight) (int64 $.replicas)) }}
{{- end }}
{{- if or $version.overlays $version.workloadSpecification.spec }}
{{- $division := dict "spec" (dict "replicas" $count "template" (dict "metadata" (dict "labels" $labels))) }}
{{- $version = set $version "overlays" (append $version.overlays $division) }}
{{- end }}
{{- $versions = append $versions (set $version "pods" $count) }}
{{- end }}
{{- toJson $versions }}
{{- end }}

{{/* What the Service of a version says of its port: the entry that was given, or else what a generated one says. */}}
{{- define "sluice.servicePort" -}}
{{- $port := dict "targetPort" .port "protocol" "TCP" "appProtocol" .appProtocol }}
{{- range $entry := reverse (.ports | default list) }}
{{- if kindIs "map" $entry }}
{{- if eq (int64 $entry.port) (int64 $.port) }}
{{- $port = merge (dict) $entry (dict "targetPort" $.port "protocol" "TCP" "appProtocol" $.appProtocol) }}
{{- end }}
{{- end }}
{{- end }}
{{- pick $port "targetPort" "protocol" "appProtocol" | toJson }}
{{- end }}

{{/* The seconds of a duration such as 1h30m. */}}
{{- define "sluice.seconds" -}}
{{- $seconds := 0 }}
{{- range $part := regexFindAll "[0-9]+[hms]" . -1 }}
{{- $unit := get (dict "h" 3600 "m" 60 "s" 1) (trunc -1 $part) }}
{{- $seconds = add $seconds (mul $unit (trimAll "hms" $part | int64)) }}
{{- end }}
{{- $seconds }}
{{- end }}

{{/* The labels by which the pods of a version are found. */}}
{{- define "sluice.podLabels" -}}
{{- $spec := (.version.deploymentSpecification | default dict).spec | default dict }}
{{- $labels := ($spec.selector | default dict).matchLabels }}
{{- ternary $labels (dict "app" .instance) (kindIs "map" $labels) | toJson }}
{{- end }}

{{/* An autoscaler with its defaults; an empty object where there is none. */}}
{{- define "sluice.autoscaler" -}}
{{- $target := dict "type" "Utilization" "averageUtilization" 80 }}
{{- $metric := dict "type" "Resource" "resource" (dict "name" "cpu" "target" $target) }}
{{- ternary (merge (dict) (. | default dict) (dict "minReplicas" 1 "metrics" (list $metric))) dict (kindIs "map" .) | toJson }}
{{- end }}
