using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Deployment;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary><c>AWS::CloudFormation::Macro</c>: Ref is its name.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-macro.html</remarks>
internal sealed class MacroResource(Macros macros) : IResource
{
    public string Type => "AWS::CloudFormation::Macro";

    public ResourceActions? Actions => new("", "", "");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Name"] = new(UpdateType.Replacement, Required: true),
            ["FunctionName"] = new(Required: true),
            ["Description"] = new(),
            ["LogGroupName"] = new(),
            ["LogRoleARN"] = new(),
        };

    public IReadOnlyCollection<string> Attributes => [];

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) => Put(request, Text(request, "Name"));

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) => Put(request, request.PhysicalId!);

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        macros.Database.Write(transaction => macros.Shelf.Remove(transaction, request.Caller.Scope, request.PhysicalId ?? ""));

    private async Task<ResourceState> Put(ResourceRequest request, string name)
    {
        await macros
            .Database.Write(transaction =>
            {
                var present = macros.Shelf.Get(transaction, request.Caller.Scope, name);
                if (request.PhysicalId is null && present is not null && present.CreatedBy != request.Token)
                {
                    throw new AwsException("AlreadyExistsException", $"Macro {name} already exists");
                }

                macros.Shelf.Put(
                    transaction,
                    request.Caller.Scope,
                    name,
                    new MacroDocument(Text(request, "FunctionName"), present?.CreatedBy ?? request.Token)
                );
            })
            .ConfigureAwait(false);
        return ResourceState.Of(name);
    }

    private static string Text(ResourceRequest request, string property) => request.Properties.GetProperty(property).ToString();
}
