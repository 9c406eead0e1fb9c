{{- $release := include "sluice.release" . | fromJson -}}
{{- if not $release -}}
Nothing is installed yet: this chart has no values of its own. Give it environment and application.versions; with this chart in DIR

  helm upgrade {{ .Release.Name }} DIR -n {{ .Release.Namespace }} -f values.yaml
{{- else -}}
{{ $release.name }} runs in namespace {{ $release.namespace }}: environment {{ $release.environment }}, strategy {{ $release.strategy }}, primary {{ $release.primary.name }}.

Where it is reached:
{{- $address := include "sluice.reached" $release | fromJson }}
{{- if eq $release.environment "emissary" }}
- below {{ $release.prefix }} through Emissary{{ if $release.hosts }}, as {{ join ", " $release.hosts }}{{ end }}
{{- else if eq $release.environment "modelmesh" }}
- {{ $address.host }}:{{ int64 $address.port }} inside the mesh, as the authority of calls
{{- else }}
- http://{{ $address.host }}{{ if ne (int64 $address.port) 80 }}:{{ int64 $address.port }}{{ end }} inside the {{ ternary "cluster" "mesh" (eq $release.environment "kubernetes") }}
{{- end }}
{{- if ne $release.environment "emissary" }}
{{- $gateways := list }}
{{- range $gateway := prepend $release.gateways $release.gateway }}
{{- if $gateway }}
{{- $gateways = append $gateways (printf "%s%s" (ternary (printf "%s/" $gateway.namespace) "" (not (empty $gateway.namespace))) $gateway.name) }}
{{- end }}
{{- end }}
{{- if or $release.hosts $gateways }}
- {{ if $release.hosts }}as {{ join ", " $release.hosts }}{{ else }}under the same name{{ end }}{{ if $gateways }} through gateway {{ join ", " $gateways }}{{ end }}
{{- end }}
{{- end }}

How requests flow now:
{{- $reached := list }}
{{- $affinity := $release.sessionAffinity | default dict }}
{{- range $position, $rule := $release.rules }}
{{- $conditions := list }}
{{- range $match := $rule.matches }}
{{- $about := dict "match" $match "cookie" $affinity.cookie "version" (first $rule.backends).version.name }}
{{- $conditions = append $conditions (include "sluice.conditions" $about) }}
{{- end }}
- {{ if $conditions }}requests with {{ join ", or with " $conditions }}{{ else if $position }}all others{{ else }}every request{{ end }}
{{- if $rule.session }}, whose answer keeps the session with its version for {{ int64 $rule.session.maxAge }} s{{ end }}:
{{- if and $release.replicas $rule.weighted }}
{{- range $version := $release.versions }}
{{- if $version.pods }}
{{- $reached = append $reached $version.name }}
    to {{ int64 $version.pods }} of {{ int64 $release.replicas }} pods: {{ $version.name }}
{{- end }}
{{- end }}
{{- if $affinity }}
    A client keeps its pod for {{ int64 $affinity.maxAge }} s.
{{- end }}
{{- else }}
{{- range $backend := $rule.backends }}
{{- $reached = append $reached $backend.version.name }}
    {{ int64 $backend.share }} % to {{ $backend.version.name }}
{{- end }}
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

{{- if $release.fromGit }}

Next: change application.versions in the values file and commit it; Argo CD or Flux installs what Git says.
{{- else }}

Next: change application.versions in the values file; with this chart in DIR

  helm upgrade {{ .Release.Name }} DIR -n {{ .Release.Namespace }} -f values.yaml
{{- with include "sluice.trial" $release }}

--set '{{ . }}' beside -f tries a candidate without the file.
{{- end }}
{{- end }}
{{- if $release.tested }}

To ask the route: helm test {{ .Release.Name }} -n {{ .Release.Namespace }} --logs
{{- end }}
{{- end }}

{{- /* Where a release is asked by its name: `host` and `port`, as JSON. */}}
{{- define "sluice.reached" -}}
{{- $host := printf "%s.%s" .name .namespace }}
{{- $port := 80 }}
{{- if .subsets }}
{{- /* A Service that was there before the release, with the port of its Deployments. */}}
{{- $port = .primary.address.port }}
{{- else if eq .environment "modelmesh" }}
{{- $port = .modelMesh.port }}
{{- else if eq .environment "kubernetes" }}
{{- $port = .primary.address.port }}
{{- if not (first .rules).weighted }}
{{- $host = printf "%s.%s" .primary.address.service .primary.address.namespace }}
{{- end }}
{{- end }}
{{- dict "host" $host "port" (int64 $port) | toJson }}
{{- end }}

{{- /* What `--set` may change of the first candidate so that it shows and is not refused; nothing where that cannot be known. */}}
{{- define "sluice.trial" -}}
{{- $trials := list }}
{{- $others := 0 }}
{{- range $version := .versions }}
{{- $others = add $others (ternary (int64 $version.weight) 0 $version.routed) }}
{{- end }}
{{- range $position, $version := .versions }}
{{- if ne $version.name $.primary.name }}
{{- $trial := ternary 20 30 (eq 30 (int64 $version.weight)) }}
{{- $sum := add $trial (sub $others (int64 $version.weight)) }}
{{- $least := ternary (mul $trial (int64 $.replicas)) (mul $trial 100) (eq $.environment "kubernetes") }}
{{- $seen := or (eq $.strategy "mirrored") (and (eq $.strategy "blue-green") (ge $least $sum)) }}
{{- if and $version.routed $seen }}
{{- $trials = append $trials (printf "application.versions[%d].weight=%d" $position $trial) }}
{{- else if and (eq $.strategy "canary") (not $version.routed) }}
{{- $trials = append $trials (printf "application.versions[%d].routed=true" $position) }}
{{- end }}
{{- end }}
{{- end }}
{{- $trials | first | default "" }}
{{- end }}

{{- /* All that a `match` asks for, in words; the `cookie` of a session as what it holds. */}}
{{- define "sluice.conditions" -}}
{{- $match := .match }}
{{- $parts := list }}
{{- $session := printf "(.*;\\s*)?%s=%s\\s*(;.*)?" .cookie .version }}
{{- range $header := $match.headers }}
{{- if and $.cookie (eq $header.name "cookie") (eq $header.match.value $session) }}
{{- $parts = append $parts (printf "the cookie %s=%s" $.cookie $.version) }}
{{- else }}
{{- $parts = append $parts (printf "header %s %s" $header.name (include "sluice.note" $header.match)) }}
{{- end }}
{{- end }}
{{- $istio := $match.istio | default dict }}
{{- range $name, $comparison := $istio.withoutHeaders }}
{{- $parts = append $parts (printf "no header %s %s" $name (include "sluice.comparison" $comparison | fromJson | include "sluice.note")) }}
{{- end }}
{{- range $parameter := $match.query }}
{{- $parts = append $parts (printf "query parameter %s %s" $parameter.name (include "sluice.note" $parameter.match)) }}
{{- end }}
{{- if and $match.path $match.elements (eq ($match.path.kind | default "") "prefix") }}
{{- $parts = append $parts (printf "path %q and what is below it" $match.path.value) }}
{{- else if $match.path }}
{{- $case := ternary " in any case" "" ($istio.ignoreUriCase | default false) }}
{{- $parts = append $parts (printf "path %s%s" (include "sluice.note" $match.path) $case) }}
{{- end }}
{{- if $match.method }}
{{- $parts = append $parts (printf "method %s" $match.method) }}
{{- end }}
{{- range $name := list "scheme" "authority" }}
{{- with get $istio $name }}
{{- $parts = append $parts (printf "%s %s" $name (include "sluice.comparison" . | fromJson | include "sluice.note")) }}
{{- end }}
{{- end }}
{{- with $istio.port }}
{{- $parts = append $parts (printf "port %d" (int64 .)) }}
{{- end }}
{{- range $name, $value := $istio.sourceLabels }}
{{- $parts = append $parts (printf "a client labelled %s=%s" $name $value) }}
{{- end }}
{{- with $istio.sourceNamespace }}
{{- $parts = append $parts (printf "a client in namespace %s" .) }}
{{- end }}
{{- with $istio.gateways }}
{{- $parts = append $parts (printf "entry through %s" (join " or " .)) }}
{{- end }}
{{- join " and " $parts | default "anything" }}
{{- end }}

{{- /* A comparison in words. */}}
{{- define "sluice.note" -}}
{{- $words := dict "exact" "equal to" "prefix" "starting with" "regex" "matching" }}
{{- if and .kind (not .presence) }}{{ get $words .kind }} {{ .value | quote }}{{ else }}present{{ end }}
{{- end }}
