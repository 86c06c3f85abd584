using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

/// <summary><c>AWS::CloudFormation::WaitConditionHandle</c>: a resource that is nothing, for stacks that need one.</summary>
internal sealed class WaitConditionHandle : IResource
{
    public string Type => "AWS::CloudFormation::WaitConditionHandle";

    public ResourceActions? Actions => new("", "", "");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } = new Dictionary<string, PropertyRule>();

    public IReadOnlyCollection<string> Attributes => ["Id"];

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var id =
            $"https://cloudformation-waitcondition-{request.Caller.Region}.s3.{request.Caller.Region}.amazonaws.com/{Uri.EscapeDataString(request.StackId)}/{request.LogicalId}";
        return Task.FromResult(ResourceState.Of(id, ("Id", request.LogicalId)));
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) => Create(request, cancellation);

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary><c>AWS::CloudFormation::Stack</c> as templates see it; the stack engine does its steps.</summary>
internal sealed class NestedStackType : IResource
{
    public string Type => Templates.TemplateChecks.NestedStack;

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["TemplateURL"] = new(Required: true),
            ["Parameters"] = default,
            ["Tags"] = default,
            ["TimeoutInMinutes"] = default,
            ["NotificationARNs"] = default,
        };

    /// <summary>Checked by the engine instead: <c>Outputs.Name</c>.</summary>
    public IReadOnlyCollection<string> Attributes => [];

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => throw new NotSupportedException();
}
