using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>What becomes of a resource that leaves its stack or is replaced.</summary>
internal enum RetentionPolicy
{
    Delete,
    Retain,
    RetainExceptOnCreate,
}

/// <summary>A template, checked for its form: everything that can be said without parameter values.</summary>
internal sealed record Template
{
    public string? Version { get; init; }

    public string? Description { get; init; }

    public MapNode? Metadata { get; init; }

    public IReadOnlyList<string> Transforms { get; init; } = [];

    public OrderedDictionary<string, TemplateParameter> Parameters { get; } = [];

    public MapNode Mappings { get; init; } = MapNode.Empty;

    public MapNode Rules { get; init; } = MapNode.Empty;

    public OrderedDictionary<string, Node> Conditions { get; } = [];

    public OrderedDictionary<string, TemplateResource> Resources { get; } = [];

    public OrderedDictionary<string, TemplateOutput> Outputs { get; } = [];

    /// <summary>Whether its resources name values in other services.</summary>
    public bool NamesDynamicReferences { get; init; }

    /// <summary>Whether it has parameters whose values are not to be shown.</summary>
    public bool HasSecrets => Parameters.Values.Any(parameter => parameter.NoEcho);

    public bool LanguageExtensions => Transforms.Contains("AWS::LanguageExtensions");

    /// <summary>The capabilities that creating its resources asks the caller to acknowledge.</summary>
    public IReadOnlyList<string> RequiredCapabilities()
    {
        var result = new List<string>();
        var iam = Resources.Values.Where(r => Iam.ContainsKey(r.Type)).ToList();
        if (iam.Any(r => r.Properties[Iam[r.Type]] is not null))
        {
            result.Add("CAPABILITY_NAMED_IAM");
        }
        else if (iam.Count > 0)
        {
            result.Add("CAPABILITY_IAM");
        }

        if (Transforms.Count > 0)
        {
            result.Add("CAPABILITY_AUTO_EXPAND");
        }

        return result;
    }

    /// <summary>Why a capability is asked for, as ValidateTemplate and GetTemplateSummary say it.</summary>
    public string? CapabilitiesReason()
    {
        var types = Resources.Values.Where(r => Iam.ContainsKey(r.Type)).Select(r => r.Type).Distinct().ToList();
        return types.Count == 0 ? null : $"The following resource(s) require capabilities: [{string.Join(", ", types)}]";
    }

    /// <param name="given">Those of the request.</param>
    /// <param name="forChangeSet">A change set expands transforms without being allowed to (recorded on AWS).</param>
    public void RequireCapabilities(IReadOnlyList<string>? given, bool forChangeSet = false)
    {
        var have = given ?? [];
        var missing = RequiredCapabilities()
            .Where(c => !(forChangeSet && c == "CAPABILITY_AUTO_EXPAND"))
            .Where(c => !have.Contains(c) && !(c == "CAPABILITY_IAM" && have.Contains("CAPABILITY_NAMED_IAM")))
            .ToList();
        if (missing.Count > 0)
        {
            throw new AwsException("InsufficientCapabilitiesException", $"Requires capabilities : [{string.Join(", ", missing)}]");
        }
    }

    /// <summary>The types that ask for a capability, each with the property that names the resource.</summary>
    private static readonly Dictionary<string, string> Iam = new()
    {
        ["AWS::IAM::AccessKey"] = "-",
        ["AWS::IAM::Group"] = "GroupName",
        ["AWS::IAM::InstanceProfile"] = "InstanceProfileName",
        ["AWS::IAM::ManagedPolicy"] = "ManagedPolicyName",
        ["AWS::IAM::Policy"] = "-",
        ["AWS::IAM::Role"] = "RoleName",
        ["AWS::IAM::User"] = "UserName",
        ["AWS::IAM::UserToGroupAddition"] = "-",
    };
}

/// <summary>A declared parameter and what its values must be.</summary>
internal sealed record TemplateParameter(string Name, string Type, Mark At)
{
    public string? Default { get; init; }

    public string? Description { get; init; }

    public string? ConstraintDescription { get; init; }

    public bool NoEcho { get; init; }

    public IReadOnlyList<string>? AllowedValues { get; init; }

    public string? AllowedPattern { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public decimal? MinValue { get; init; }

    public decimal? MaxValue { get; init; }

    public bool IsList => Type is "CommaDelimitedList" or "List<Number>" or "List<String>";

    /// <summary>Whether its value is the name of a parameter in Parameter Store: what the template asks of values, it asks of the name (recorded on AWS).</summary>
    public bool IsFromStore => Type.StartsWith("AWS::SSM::Parameter::", StringComparison.Ordinal);

    /// <summary>Whether Ref answers what the parameter in Parameter Store has.</summary>
    public bool IsStoreValue => Type.StartsWith("AWS::SSM::Parameter::Value<", StringComparison.Ordinal);

    public bool IsStoreList => Type is "AWS::SSM::Parameter::Value<List<String>>" or "AWS::SSM::Parameter::Value<CommaDelimitedList>";
}

/// <summary>A declared resource.</summary>
internal sealed record TemplateResource(string LogicalId, string Type, MapNode Properties, Mark At)
{
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public string? Condition { get; init; }

    public RetentionPolicy DeletionPolicy { get; init; }

    public RetentionPolicy UpdateReplacePolicy { get; init; }

    /// <summary>The policy as a function, which AWS::LanguageExtensions allows: only the parameters tell what it is.</summary>
    public Node? DeletionPolicyFunction { get; init; }

    public Node? UpdateReplacePolicyFunction { get; init; }

    /// <summary>What its creation waits for.</summary>
    public Node? CreationPolicy { get; init; }

    /// <summary>Everything of it that may refer to something.</summary>
    public Node Referring => CreationPolicy is null ? Properties : new ListNode([Properties, CreationPolicy], At);

    /// <summary>Whether the template says it, rather than leaving it to the default.</summary>
    public bool SetsDeletionPolicy { get; init; }

    public bool SetsUpdateReplacePolicy { get; init; }

    public MapNode? Metadata { get; init; }

    /// <summary>Whether the template's own function or topic makes it.</summary>
    public bool IsCustom => Type == CustomResource.Name || CustomResource.IsName(Type);
}

/// <summary>A declared output.</summary>
internal sealed record TemplateOutput(string Name, Node Value, Node? ExportName, string? Description, string? Condition, Mark At);
