{{/*
The release that the values describe, with every name and default resolved: what the other templates read, as JSON.
What is absent is left out or empty, so that `if` can ask for it.
*/}}
{{- define "sluice.resolved" -}}
{{- $application := .Values.application }}
{{- $metadata := $application.metadata | default dict }}
{{- $names := include "sluice.names" . | fromJson }}
{{- $environment := get $names.environments .Values.environment }}
{{- $strategy := get $names.strategies ($application.strategy | default "none") }}
{{- $mode := $application.deploymentMode | default "Serverless" }}
{{- $release := dict
  "environment" $environment
  "strategy" $strategy
  "workloads" (get $names.workloads $environment)
  "name" ($metadata.name | default .Release.Name)
  "namespace" ($metadata.namespace | default .Release.Namespace)
  "matchForm" (get (get $names.matchForms $environment) $mode)
  "tested" (not (has $environment $names.untested))
  "fromGit" $names.fromGit
  "subsets" false
  "versionHeader" true
  "deploymentMode" $mode
  "prefix" (regexReplaceAll "/*$" ($application.prefix | default "/") "/")
  "gateways" list
  "hosts" list
}}
{{- if hasKey $application "versionHeader" }}
{{- $_ := set $release "versionHeader" $application.versionHeader }}
{{- end }}
{{- $_ := set $release "gateway" (include "sluice.gateway" .Values.gateway | fromJson) }}
{{- $knative := and (hasPrefix "kserve" $environment) (eq $release.deploymentMode "Serverless") }}
{{- if $knative }}
{{- $_ := set $release "gateway" dict }}
{{- end }}
{{- $bound := list }}
{{- with $release.gateway }}
{{- $bound = list (include "sluice.gateway.whole" (dict "gateway" . "release" $release)) }}
{{- end }}
{{- $known := include "sluice.knownHosts" $release | fromJsonArray }}
{{- range $host := $application.hosts }}
{{- if not (has $host.name $known) }}
{{- $_ := set $release "hosts" (append $release.hosts $host.name | uniq) }}
{{- end }}
{{- $gateway := include "sluice.gateway" $host.gateway | fromJson }}
{{- if $gateway }}
{{- $whole := include "sluice.gateway.whole" (dict "gateway" $gateway "release" $release) }}
{{- if not (has $whole $bound) }}
{{- $_ := set $release "gateways" (append $release.gateways $gateway) }}
{{- $bound = append $bound $whole }}
{{- end }}
{{- end }}
{{- end }}
{{- if $knative }}
{{- $_ := set $release "gateways" (include "sluice.knative.gateways" $release.gateways | fromJsonArray) }}
{{- end }}
{{- if eq $environment "modelmesh" }}
{{- $modelMesh := dict "host" "modelmesh-serving.modelmesh-serving.svc.cluster.local" "port" 8033 }}
{{- $modelMesh = merge (dict) (.Values.service | default dict) $modelMesh }}
{{- $_ := set $release "modelMesh" (set $modelMesh "port" (int64 $modelMesh.port)) }}
{{- end }}
{{- with $application.sessionAffinity }}
{{- $maxAge := include "sluice.seconds" (.maxAge | default "1h") | int64 }}
{{- $_ := set $release "sessionAffinity" (dict "type" .type "cookie" (.cookie | default "sluice-version") "maxAge" $maxAge) }}
{{- end }}
{{- $_ := set $release "comparesText" (and (eq $release.matchForm "match") (ne $environment "emissary")) }}
{{- $versions := list }}
{{- range $position, $version := $application.versions }}
{{- $context := dict "version" $version "position" $position "application" $application "release" $release }}
{{- $resolved := include "sluice.version" $context | fromJson }}
{{- $grant := include "sluice.objectName" (dict "parts" (list $release.name $release.namespace $resolved.address.service) "plain" true) }}
{{- $_ := set $resolved.address "grant" $grant }}
{{- $versions = append $versions $resolved }}
{{- end }}
{{- $primary := first $versions }}
{{- range $version := $versions }}
{{- if eq $version.name ($application.primary | default $primary.name) }}
{{- $primary = $version }}
{{- end }}
{{- end }}
{{- $_ := set $release "versions" $versions }}
{{- $_ := set $release "primary" $primary }}
{{- include "sluice.checks" (dict "release" $release "application" $application) }}
{{- range $version := $versions }}
{{- if eq ($version.external.kind | default "") "deployment" }}
{{- $_ := set $release "subsets" true }}
{{- end }}
{{- end }}
{{- include "sluice.checks.versions" $release }}
{{- $_ := set $release "matches" (include "sluice.matches" (dict "forms" $application "release" $release "place" "application") | fromJsonArray) }}
{{- $_ := set $release "rules" (include (printf "sluice.rules.%s" $strategy) $release | fromJsonArray) }}
{{- include "sluice.checks.routes" $release }}
{{- if eq ($release.sessionAffinity | default dict).type "Cookie" }}
{{- $_ := set $release "rules" (include "sluice.sessions" $release | fromJsonArray) }}
{{- end }}
{{- if eq $release.workloads "InferenceService" }}
{{- range $key, $value := include "sluice.hops" $release | fromJson }}
{{- $_ := set $release $key $value }}
{{- end }}
{{- end }}
{{- if eq $environment "emissary" }}
{{- $_ := set $release "mappings" (include "sluice.mappings" $release | fromJsonArray) }}
{{- end }}
{{- if and (eq $environment "kubernetes") (first $release.rules).weighted }}
{{- $_ := set $release "replicas" (required "application.replicas is missing: give the number of pods that the weights divide" $application.replicas) }}
{{- $_ := set $release "versions" (include "sluice.divided" $release | fromJsonArray) }}
{{- end }}
{{- toJson $release }}
{{- end }}

{{/* One version, from its entry, its position, the application and the release. */}}
{{- define "sluice.version" -}}
{{- $version := .version }}
{{- $application := .application }}
{{- $metadata := $version.metadata | default dict }}
{{- $shared := $application.metadata | default dict }}
{{- $external := $version.external | default dict }}
{{- $service := $version.serviceSpecification | default dict }}
{{- $deployed := eq .release.workloads "Deployment" }}
{{- $serviceMetadata := (ternary $service $version.inferenceServiceSpecification $deployed | default dict).metadata | default dict }}
{{- $ports := (($service.spec | default dict).ports | default $service.ports) | default list }}
{{- $port := $version.port | default $application.port | default 80 }}
{{- $instance := $metadata.name | default $external.service | default $external.deployment }}
{{- $instance = $instance | default (printf "%s-%d" .release.name .position) }}
{{- $namespace := $metadata.namespace | default .release.namespace }}
{{- $iter8Port := dict }}
{{- if $service.ports }}
{{- $iter8Port = first $service.ports }}
{{- end }}
{{- $servicePort := dict }}
{{- if $ports }}
{{- $servicePort = first $ports }}
{{- end }}
{{- $routedNamespace := $serviceMetadata.namespace | default $namespace }}
{{- $address := dict
  "service" ($external.service | default $serviceMetadata.name | default $instance)
  "namespace" $routedNamespace
  "elsewhere" (ne $routedNamespace .release.namespace)
  "port" ($version.port | default $servicePort.port | default $port | int64)
}}
{{- if $external }}
{{- $_ := set $address "port" ($external.port | default $version.port | default $iter8Port.port | default $port | int64) }}
{{- $external = dict "kind" "service" "labels" dict }}
{{- with $version.external.deployment }}
{{- $_ := set $address "service" $.release.name }}
{{- $external = dict "kind" "deployment" "labels" (ternary (dict "app" .) $version.external.labels (kindIs "invalid" $version.external.labels)) }}
{{- end }}
{{- end }}
{{- $appProtocol := $version.appProtocol | default $application.appProtocol }}
{{- $given := dict "ports" ($service.spec | default dict).ports "port" $address.port "appProtocol" $appProtocol }}
{{- $ownPort := include "sluice.servicePort" $given | fromJson }}
{{- /* Not merge, for which an empty text is none. */}}
{{- $resolved := dict
  "name" ($serviceMetadata.name | default $instance)
  "instance" $instance
  "namespace" $namespace
  "image" $version.image
  "port" (($version.external | default dict).port | default $version.port | default $iter8Port.port | default $port | int64)
  "address" $address
  "external" $external
  "servicePort" $ownPort
  "appProtocol" $appProtocol
  "httpProtocol" (regexFind "(?i)^(http2?|kubernetes\\.io/h2c)$" ($ownPort.appProtocol | default ""))
  "weight" (ternary 50 (int64 $version.weight) (kindIs "invalid" $version.weight))
  "protocol" (include "sluice.protocol" (dict "version" $version "application" $application "appProtocol" $appProtocol "servicePort" $servicePort))
  "routed" (ternary true $version.routed (kindIs "invalid" $version.routed))
  "labels" (mergeOverwrite (dict) ($shared.labels | default dict) ($metadata.labels | default dict))
  "annotations" (mergeOverwrite (dict) ($shared.annotations | default dict) ($metadata.annotations | default dict))
  "matches" (include "sluice.matches" (dict "forms" $version "release" .release "place" (printf "application.versions[%d]" (int .position))) | fromJsonArray)
  "workloadSpecification" (include "sluice.specification" (ternary $version.deploymentSpecification $version.inferenceServiceSpecification $deployed) | fromJson)
  "serviceSpecification" (include "sluice.specification" $service | fromJson)
  "overlays" (include "sluice.overlays" (dict "version" $version "application" $application "container" $instance "deployed" $deployed) | fromJsonArray)
  "podLabels" (include "sluice.podLabels" (dict "version" $version "instance" $instance) | fromJson)
  "autoscaler" (include "sluice.autoscaler" ($version.autoscaler | default $application.autoscaler) | fromJson)
  "disruptionBudget" ($version.disruptionBudget | default $application.disruptionBudget)
}}
{{- if not $deployed }}
{{- $resolved = include "sluice.served" (dict "version" $resolved "entry" $version "application" $application "release" .release) | fromJson }}
{{- end }}
{{- toJson $resolved }}
{{- end }}

{{/* What the port of a version speaks, as `appProtocol` says or the name of the port. */}}
{{- define "sluice.protocol" -}}
{{- $version := .version }}
{{- $application := .application }}
{{- $servicePort := .servicePort }}
{{- $modelPort := first ($version.ports | default $application.ports | default (list dict)) }}
{{- $protocolVersion := $version.protocolVersion | default $application.protocolVersion }}
{{- $protocol := ternary "grpc" "http" (eq ($modelPort.name | default "") "h2c") }}
{{- range $word := list .appProtocol $servicePort.appProtocol $servicePort.name $modelPort.name $protocolVersion }}
{{- if regexMatch "(?i)^grpc(-|$)" ($word | default "" | toString) }}
{{- $protocol = "grpc" }}
{{- end }}
{{- end }}
{{- $protocol }}
{{- end }}

{{/* A part that was given whole, with its metadata; absent labels are empty. */}}
{{- define "sluice.specification" -}}
{{- $given := . | default dict }}
{{- $metadata := merge (dict) ($given.metadata | default dict) (dict "labels" dict "annotations" dict) }}
{{- dict "metadata" $metadata "spec" $given.spec | toJson }}
{{- end }}

{{/* What is merged over the workload; a container without a name is the version's own. */}}
{{- define "sluice.overlays" -}}
{{- $overlays := list }}
{{- $key := ternary "deployment" "inferenceService" .deployed }}
{{- range $overlay := list (get .application $key) (get .version $key) }}
{{- if $overlay }}
{{- $containers := list }}
{{- $overlay = deepCopy $overlay }}
{{- if $.deployed }}
{{- range $container := ((($overlay.spec | default dict).template | default dict).spec | default dict).containers }}
{{- if and (kindIs "map" $container) (not (hasKey $container "name")) }}
{{- /* Not merge, which drops what is null. */}}
{{- $_ := set $container "name" $.container }}
{{- end }}
{{- $containers = append $containers $container }}
{{- end }}
{{- end }}
{{- if $containers }}
{{- $_ := set $overlay.spec.template.spec "containers" $containers }}
{{- end }}
{{- $overlays = append $overlays $overlay }}
{{- end }}
{{- end }}
{{- toJson $overlays }}
{{- end }}

{{/* What `sluice.resolved` returns, worked out once for all templates: they share their values, so it is kept there. */}}
{{- define "sluice.release" -}}
{{- if not (hasKey .Values "sluiceRelease") }}
{{- /* A chart that has no values of its own was given none either: nothing to install. */}}
{{- $given := or .Values.environment .Values.application }}
{{- if $given }}
{{- $_ := set .Values "sluiceRelease" (include "sluice.resolved" .) }}
{{- else }}
{{- $_ := set .Values "sluiceRelease" "{}" }}
{{- end }}
{{- end }}
{{- .Values.sluiceRelease }}
{{- end }}
