{{- $release := include "sluice.release" . | fromJson }}
{{- /* Emissary and ModelMesh are asked through what others installed, so a pod cannot know where. */}}
{{- if $release.tested }}
{{- $divided := and (eq $release.environment "kubernetes") (eq $release.strategy "blue-green") }}
{{- $host := printf "%s.%s" $release.name $release.namespace }}
{{- $port := 80 }}
{{- if eq $release.environment "kubernetes" }}
{{- $port = int64 $release.primary.address.port }}
{{- if not $divided }}
{{- $host = printf "%s.%s" $release.primary.address.service $release.primary.address.namespace }}
{{- end }}
{{- end }}
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
  namespace: {{ $release.namespace | toJson }}
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
      value: {{ printf "http://%s:%d/" $host (int $port) | toJson }}
    # The versions that may answer; empty where responses do not name theirs.
    - name: VERSIONS
      value: {{ $names | uniq | join " " | toJson }}
    command:
    - sh
    - -c
    - |
      result=1
      for try in 1 2 3 4 5 6 7 8 9 10; do
        answer=$(curl -sS -m 5 -o /dev/null -w '%{http_code} %header{app-version}' "$URL")
        code=${answer%% *}
        version=${answer#* }
        echo "$URL answered $code, app-version: ${version:-none}"
        if [ -n "$VERSIONS" ]; then
          case " $VERSIONS " in
            *" ${version:-none} "*) result=0; break ;;
          esac
        elif [ "$code" -ge 100 ] && [ "$code" -lt 500 ]; then
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
