using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudWatch;

/// <summary>CloudFormation's <c>AWS::CloudWatch::Dashboard</c>.</summary>
internal sealed class DashboardResource(Dashboards dashboards) : IResource
{
    private const int NameLimit = 255;

    public string Type => "AWS::CloudWatch::Dashboard";

    public ResourceActions? Actions => new("cloudwatch:PutDashboard", "cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule> { ["DashboardName"] = new(UpdateType.Replacement), ["DashboardBody"] = new(Required: true) };

    public IReadOnlyCollection<string> Attributes { get; } = [];

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation) =>
        Put(
            request,
            request.Properties.TryGetProperty("DashboardName", out var name) ? name.GetString()! : request.GenerateName(NameLimit),
            cancellation
        );

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Put(request, request.PhysicalId!, cancellation);

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        try
        {
            await dashboards.Delete(new DeleteDashboardsRequest([request.PhysicalId!]), request.Caller, cancellation).ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "DashboardNotFoundError")
        {
            // Deleted already: that is what was asked.
        }
    }

    private async Task<ResourceState> Put(ResourceRequest request, string name, CancellationToken cancellation)
    {
        var body =
            request.Properties.TryGetProperty("DashboardBody", out var given) && given.ValueKind == System.Text.Json.JsonValueKind.String
                ? given.GetString()
                : given.GetRawText();
        await dashboards.Put(new PutDashboardRequest(name, body), request.Caller, cancellation).ConfigureAwait(false);
        return ResourceState.Of(name);
    }
}
