{{/*
A `version` as an InferenceService: its model, from its `entry` and the `application`, and where the `release` finds its
predictor. As JSON.
*/}}
{{- define "sluice.served" -}}
{{- $version := .version }}
{{- $entry := .entry }}
{{- $application := .application }}
{{- $ports := list }}
{{- range $port := ternary $application.ports $entry.ports (kindIs "invalid" $entry.ports) }}
{{- $ports = append $ports (merge (dict) $port (dict "protocol" "TCP")) }}
{{- end }}
{{- $model := dict
  "format" ($entry.modelFormat | default $application.modelFormat)
  "storageUri" $entry.storageUri
  "runtime" ($entry.runtime | default $application.runtime)
  "protocolVersion" ($entry.protocolVersion | default $application.protocolVersion)
  "ports" $ports
}}
{{- $_ := set $version "model" $model }}
{{- if ne .release.environment "modelmesh" }}
{{- $_ := set $model "predictionPath" (include "sluice.predictionPath" $version) }}
{{- if eq .release.deploymentMode "RawDeployment" }}
{{- $suffix := ternary "-predictor-default" "-predictor" (eq .release.environment "kserve-0.10") }}
{{- $_ := set $version.address "service" (printf "%s%s" $version.name $suffix) }}
{{- $_ := set $version.address "port" 80 }}
{{- $_ := set $version "httpProtocol" "http" }}
{{- if not $model.predictionPath }}
{{- $_ := set $version "protocol" "grpc" }}
{{- end }}
{{- end }}
{{- end }}
{{- toJson $version }}
{{- end }}

{{/* Where the predictions of a version are asked for, by the protocol that its merged InferenceService names; gRPC has no path. */}}
{{- define "sluice.predictionPath" -}}
{{- $given := dict "predictor" (dict "model" (dict "protocolVersion" .model.protocolVersion)) }}
{{- $service := dict "spec" (.workloadSpecification.spec | default $given) }}
{{- if .overlays }}
{{- $service = include "sluice.overlaid" (dict "base" (deepCopy $service) "overlays" .overlays) | fromJson }}
{{- end }}
{{- $model := (($service.spec | default dict).predictor | default dict).model | default dict }}
{{- $protocol := $model.protocolVersion | default .model.protocolVersion | default "v2" }}
{{- if eq $protocol "v1" }}
{{- printf "/v1/models/%s:predict" .name }}
{{- else if eq $protocol "v2" }}
{{- printf "/v2/models/%s/infer" .name }}
{{- end }}
{{- end }}

{{/*
What two hops need to know of the `rules` of a release: those rules with their `rewrite`, the versions of a split as `branches`,
and `copies`, which says how the copies of a rule are divided. As JSON.
*/}}
{{- define "sluice.hops" -}}
{{- $rules := list }}
{{- $names := list }}
{{- $branches := list }}
{{- $copies := dict }}
{{- range $rule := .rules }}
{{- $splits := or $rule.weighted (gt (len $rule.backends) 1) }}
{{- $rewrite := ternary "" (first $rule.backends).version.model.predictionPath $splits }}
{{- range $match := $rule.matches }}
{{- if and $splits $match.path }}
{{- $rewrite = "/" }}
{{- end }}
{{- end }}
{{- range $backend := $rule.backends }}
{{- if not $backend.version.model.predictionPath }}
{{- $rewrite = "" }}
{{- end }}
{{- if and $splits (not (has $backend.version.name $names)) }}
{{- $names = append $names $backend.version.name }}
{{- $branches = append $branches $backend.version }}
{{- end }}
{{- end }}
{{- $mirrors := $rule.mirrors | default list }}
{{- $rules = append $rules (merge (dict "rewrite" $rewrite "mirrors" $mirrors) $rule) }}
{{- if and $mirrors (not $copies) }}
{{- $copies = dict "version" (first $rule.backends).version "mirrors" $mirrors }}
{{- $copies = merge $copies (include "sluice.copies" $mirrors | fromJson) }}
{{- end }}
{{- end }}
{{- dict "rules" $rules "branches" $branches "copies" $copies | toJson }}
{{- end }}

{{/* The percent of the requests that are copied to any of these mirrors, and each one's share of the copies. */}}
{{- define "sluice.copies" -}}
{{- $percent := 0 }}
{{- $percents := list }}
{{- range $mirror := . }}
{{- $percent = add $percent (int64 $mirror.percent) }}
{{- $percents = append $percents (int64 $mirror.percent) }}
{{- end }}
{{- $shares := list }}
{{- range $position, $share := include "sluice.shares" (dict "weights" $percents "total" 100) | fromJsonArray }}
{{- $shares = append $shares (dict "version" (index $ $position).version "share" $share) }}
{{- end }}
{{- dict "percent" $percent "shares" $shares | toJson }}
{{- end }}

{{/* What the gateways of a release are where Knative brings its own: only those of its hosts, and not these once more. */}}
{{- define "sluice.knative.gateways" -}}
{{- $gateways := list }}
{{- range $gateway := . }}
{{- $known := and (eq $gateway.namespace "knative-serving") (has $gateway.name (list "knative-ingress-gateway" "knative-local-gateway")) }}
{{- $mesh := and (eq $gateway.name "mesh") (empty $gateway.namespace) }}
{{- if not (or $known $mesh) }}
{{- $gateways = append $gateways $gateway }}
{{- end }}
{{- end }}
{{- toJson $gateways }}
{{- end }}
