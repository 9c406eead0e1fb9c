{{- $release := include "sluice.release" . | fromJson }}
{{- /* Emissary and ModelMesh are asked through what others installed, so a pod cannot know where. */}}
{{- if $release.tested }}
{{- $address := include "sluice.reached" $release | fromJson }}
{{- $names := list }}
{{- if and $release.versionHeader (ne $release.environment "kubernetes") }}
{{- range $rule := $release.rules }}
{{- range $backend := $rule.backends }}
{{- $names = append $names $backend.version.name }}
{{- end }}
{{- end }}
{{- end }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ printf "%s-route-test" $release.name | toJson }}
  # Where Helm looks for its logs; the release is asked by name and namespace.
  namespace: {{ .Release.Namespace | toJson }}
  labels:
    app.kubernetes.io/managed-by: sluice
    app.kubernetes.io/component: route-test
    # Without a proxy beside it, the route of a mesh is not asked.
    sidecar.istio.io/inject: "true"
  annotations:
    helm.sh/hook: test
    # It stays when it is done, for `helm test --logs`.
    helm.sh/hook-delete-policy: before-hook-creation
    proxy.istio.io/config: '{"holdApplicationUntilProxyStarts": true}'
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  securityContext:
    runAsNonRoot: true
    runAsUser: 100
    seccompProfile:
      type: RuntimeDefault
  containers:
  - name: ask
    image: curlimages/curl:8.11.1
    env:
    - name: URL
      value: {{ printf "http://%s:%d/" $address.host (int $address.port) | toJson }}
    # The versions that may answer; empty where responses do not name theirs.
    - name: VERSIONS
      value: {{ $names | uniq | join " " | toJson }}
    - name: FORMAT
      value: "%{http_code}|%header{app-version}|%header{server}|%header{x-envoy-upstream-service-time}|%header{l5d-proxy-error}"
    command:
    - sh
    - -c
    - |
      result=1
      for try in 1 2 3 4 5 6 7 8 9 10; do
        IFS='|'
        set -f
        set -- $(curl -sS -m 5 -o /dev/null -w "$FORMAT" "$URL")
        set +f
        unset IFS
        code=${1:-000}
        version=${2:-none}
        refused=
        {{- if ne $release.environment "kubernetes" }}
        # What a proxy answers itself has no time of an upstream; Linkerd says why.
        case "${3:-}" in
          envoy | istio-envoy) [ -n "${4:-}" ] || refused=yes ;;
        esac
        [ -z "${5:-}" ] || refused=yes
        {{- end }}
        echo "$URL answered $code, app-version: $version${refused:+, by a proxy alone}"
        if [ -n "$VERSIONS" ]; then
          case " $VERSIONS " in
            *" $version "*) result=0; break ;;
          esac
        elif [ -z "$refused" ] && [ "$code" -ge 100 ] && [ "$code" -lt 500 ]; then
          result=0
          break
        fi
        sleep 3
      done
      # A proxy that was put beside this container would never end on its own.
      curl -s -m 2 -o /dev/null -X POST http://127.0.0.1:15020/quitquitquit || true
      [ "$result" = 0 ] || echo "no answer from one of: ${VERSIONS:-any version}"
      exit "$result"
    resources:
      requests:
        cpu: 10m
        memory: 16Mi
      limits:
        memory: 64Mi
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop:
        - ALL
{{- end }}
