using Disa.Emulator.CloudFormation.Templates;
using static Disa.Emulator.CloudFormation.Serverless.Nodes;

namespace Disa.Emulator.CloudFormation.Serverless;

/// <summary>The role that SAM makes for a function or a state machine that has none.</summary>
internal static class SamRole
{
    /// <param name="id">The function or the state machine.</param>
    /// <param name="service">Who takes the role.</param>
    /// <param name="managed">The policies that it has in any case.</param>
    /// <param name="further">Documents that the rest of the resource asks for, by their names.</param>
    public static MapNode Of(
        string id,
        string service,
        MapNode source,
        MapNode properties,
        string made,
        IEnumerable<Node> managed,
        IEnumerable<(string Name, MapNode Document)> further
    )
    {
        var arns = managed.ToList();
        var inline = new List<Node>();
        foreach (var (at, policy) in Policies(properties["Policies"]).Index())
        {
            switch (policy)
            {
                case TextNode name:
                    arns.Add(name.Text.StartsWith("arn:", StringComparison.Ordinal) ? name : Managed(name.Text));
                    break;
                case MapNode map when Functions.Call(map) is not null:
                    arns.Add(map);
                    break;
                case MapNode map when map["Statement"] is not null:
                    inline.Add(
                        Inline(
                            $"{id}RolePolicy{at}",
                            map["Version"] is null ? Map([("Version", Text("2012-10-17")), .. Members(map)]) : map
                        )
                    );
                    break;
                case MapNode { Entries: [{ Value: var given } template] }:
                    inline.Add(
                        Inline(
                            $"{id}RolePolicy{at}",
                            PolicyTemplates.Document(id, template.Key, given as MapNode ?? MapNode.Empty)
                                ?? throw SamErrors.Undone($"the policy template {template.Key}")
                        )
                    );
                    break;
                default:
                    throw SamErrors.Resource(id, "Policies must be a list of names, documents or policy templates.");
            }
        }

        inline.AddRange(further.Select(one => Inline(one.Name, one.Document)));
        return Resource(
            "AWS::IAM::Role",
            Map(
                ("AssumeRolePolicyDocument", properties["AssumeRolePolicyDocument"] ?? Trust(service)),
                ("ManagedPolicyArns", arns.Count == 0 ? null : List(arns)),
                ("Policies", inline.Count == 0 ? null : List(inline)),
                ("PermissionsBoundary", properties["PermissionsBoundary"]),
                ("Path", properties["RolePath"]),
                ("Tags", Tags(properties["PropagateTags"] is TextNode { Text: "true" } ? properties["Tags"] : null, made))
            ),
            source
        );
    }

    /// <summary>A policy of AWS's, by its name: those for functions lie under a path.</summary>
    public static Node Managed(string name) =>
        Sub(
            name.StartsWith("AWSLambda", StringComparison.Ordinal) && name.EndsWith("Role", StringComparison.Ordinal)
                ? $"arn:${{AWS::Partition}}:iam::aws:policy/service-role/{name}"
                : $"arn:${{AWS::Partition}}:iam::aws:policy/{name}"
        );

    private static IEnumerable<Node> Policies(Node? policies) =>
        policies switch
        {
            null => [],
            ListNode list => list.Items,
            _ => [policies],
        };

    private static MapNode Inline(string name, MapNode document) => Map(("PolicyName", Text(name)), ("PolicyDocument", document));

    private static IEnumerable<(string Key, Node? Value)> Members(MapNode map) =>
        map.Entries.Select(entry => (entry.Key, (Node?)entry.Value));
}
