namespace Amazon.CloudFormation.Model;

/// <summary>Part of CreateStack, UpdateStack, DescribeStacks, CreateChangeSet and DescribeChangeSet.</summary>
public sealed class Parameter
{
    public string? ParameterKey { get; set; }

    public string? ParameterValue { get; set; }

    public bool? UsePreviousValue { get; set; }

    public string? ResolvedValue { get; set; }
}
