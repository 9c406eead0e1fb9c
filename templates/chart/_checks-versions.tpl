{{/* Stops versions of a `release` whose objects would take each other's names, pods or places. */}}
{{- define "sluice.checks.versions" -}}
{{- $release := . }}
{{- $divided := and (eq .environment "kubernetes") (eq .strategy "blue-green") }}
{{- $shares := or $divided (has .environment (list "istio" "gateway-api")) }}
{{- $kserve := hasPrefix "kserve" .environment }}
{{- $predictor := ternary "-predictor-default" "-predictor" (eq .environment "kserve-0.10") }}
{{- $subsets := list }}
{{- range $position, $version := .versions }}
{{- $key := printf "application.versions[%d]" $position }}
{{- $kind := $version.external.kind | default "" }}
{{- $names := list (ternary $version.name $version.address.service $kserve) (ternary (printf "%s%s" $version.name $predictor) "" $kserve) }}
{{- if and (or $shares $kserve) (ne $kind "deployment") (not $version.address.elsewhere) (has $release.name $names) }}
{{- fail (printf "%s.%s is %q, which takes the name of the release: the release has a Service of that name; call the version %s-v1, for example" $key (ternary "external.service" "metadata.name" (eq $kind "service")) $version.name $release.name) }}
{{- end }}
{{- if eq $kind "deployment" }}
{{- if $version.address.elsewhere }}
{{- fail (printf "%s.metadata.namespace is %s, where the Service %s selects no pods: the Deployment has to be in %s; or route to its own Service" $key $version.address.namespace $release.name $release.namespace) }}
{{- end }}
{{- range $other := $subsets }}
{{- range $pair := list (list $version $other) (list $other $version) }}
{{- $labels := (first $pair).external.labels }}
{{- if eq (mergeOverwrite (dict) $labels (last $pair).external.labels | toJson) (toJson $labels) }}
{{- fail (printf "%s.external.labels: those of %s hold all the labels of %s, which would get these pods' requests too: give each version labels that the pods of no other version have" $key (first $pair).name (last $pair).name) }}
{{- end }}
{{- end }}
{{- end }}
{{- $subsets = append $subsets $version }}
{{- end }}
{{- if or $version.overlays $version.autoscaler $divided }}
{{- include "sluice.checks.pods" (dict "version" $version "key" $key "release" $release "divided" $divided) }}
{{- end }}
{{- if and (ne $release.workloads "InferenceService") (not $version.external) }}
{{- include "sluice.checks.selector" (dict "version" $version "key" $key "release" $release) }}
{{- end }}
{{- end }}
{{- end }}

{{/* What would undo the number of pods of a version, its labels, or the Service that a split has in Kubernetes. */}}
{{- define "sluice.checks.pods" -}}
{{- $version := .version }}
{{- $key := .key }}
{{- $replicas := ($version.workloadSpecification.spec | default dict).replicas }}
{{- range $overlay := $version.overlays }}
{{- $spec := $overlay.spec | default dict }}
{{- if hasKey $spec "replicas" }}
{{- $replicas = $spec.replicas }}
{{- end }}
{{- if ne $.release.workloads "InferenceService" }}
{{- range $path := list (list "selector" "matchLabels" "app") (list "template" "metadata" "labels" "app") }}
{{- $part := $spec }}
{{- $found := true }}
{{- range $step := $path }}
{{- if kindIs "map" $part }}
{{- $found = and $found (hasKey $part $step) }}
{{- $part = get $part $step }}
{{- end }}
{{- end }}
{{- if and $found (ne (toJson $part) (toJson $version.name)) }}
{{- fail (printf "deployment.spec.%s is %s, but the Service of %s finds its pods by app: %s: leave spec.selector and the label app of spec.template as they are generated; other labels are free" (join "." $path) (toJson $part) $version.name $version.name) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- $fixed := not (kindIs "invalid" $replicas) }}
{{- if and $version.autoscaler $fixed (not .divided) }}
{{- fail (printf "deployment.spec.replicas is %s, but %s has an autoscaler, which every apply would undo: remove it, and set the autoscaler's minReplicas; or remove the autoscaler" (toJson $replicas) $version.name) }}
{{- end }}
{{- if .divided }}
{{- if $version.autoscaler }}
{{- fail (printf "%s.autoscaler would change the number of pods, by which the weights divide the requests: remove it, here or in the application; or choose an environment whose routes have weights" $key) }}
{{- else if $fixed }}
{{- fail (printf "%s: spec.replicas of its Deployment is %s, but the weights divide the pods: remove it; application.replicas is the number of pods of all versions together" $key (toJson $replicas)) }}
{{- end }}
{{- range $namespace := list $version.namespace ($version.workloadSpecification.metadata.namespace | default $.release.namespace) }}
{{- if ne $namespace $.release.namespace }}
{{- fail (printf "%s.metadata.namespace is %s, but the Service %s reaches the pods of %s alone: keep the versions in one namespace, or choose an environment with routes" $key $namespace $.release.name $.release.namespace) }}
{{- end }}
{{- end }}
{{- $own := merge (dict "port" $version.address.port) $version.servicePort }}
{{- $expected := merge (dict "port" .release.primary.address.port) .release.primary.servicePort }}
{{- range $name := list "port" "targetPort" "protocol" "appProtocol" }}
{{- if ne (get $own $name | toJson) (get $expected $name | toJson) }}
{{- fail (printf "%s: its %s is %s, but that of %s is %s: the Service %s leads to all versions by one port, so give them the same" $key $name (get $own $name | toJson) $.release.primary.name (get $expected $name | toJson) $.release.name) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
