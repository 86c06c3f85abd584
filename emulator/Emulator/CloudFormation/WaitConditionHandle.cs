using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary><c>AWS::CloudFormation::WaitConditionHandle</c>: Ref is the address that signals are sent to.</summary>
internal sealed class WaitConditionHandle(Callbacks callbacks) : IResource
{
    public string Type => "AWS::CloudFormation::WaitConditionHandle";

    public ResourceActions? Actions => new("", "", "");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } = new Dictionary<string, PropertyRule>();

    public IReadOnlyCollection<string> Attributes => ["Id"];

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) =>
        Task.FromResult(State(callbacks.Handle(request.Caller.Scope, request.Token), request));

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Task.FromResult(State(request.PhysicalId!, request));

    public Task Delete(ResourceRequest request, CancellationToken cancellation) => Task.CompletedTask;

    private static ResourceState State(string url, ResourceRequest request) => ResourceState.Of(url, ("Id", request.LogicalId));
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
