"""`secure-aks import`: a cluster that is there already becomes a stack.

read         Azure, and the API server where a kubeconfig is given -> found.Found
stack_file   what of it the settings can say, from sections/
registered   the program's own inputs for that stack file, by a dry run
compare      those against what Azure holds; what is kept for life goes back into the stack file
risks        what a change of it does to nodes and pods
import_file  what `pulumi import --file` takes
page         all of it for people
"""
