// Command pulumi-resource-kubernetes is Pulumi's Kubernetes provider, built from its released module.
//
// The module's own command embeds files that are generated at release and are not part of it: the schema and the
// mapping of old names. Neither is asked for when a program's SDK is installed, so their empty forms are enough.
package main

import "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"

// version is what the engine compares with the SDK's version; the linker sets it.
var version = "0.0.0"

func main() {
	schema := []byte(`{"name":"kubernetes","version":"` + version + `"}`)
	provider.Serve("kubernetes", version, schema, []byte(`{}`))
}
