using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

internal sealed record CreatePolicyVersionRequest(string? PolicyArn, string? PolicyDocument, bool? SetAsDefault);

internal sealed record PolicyVersionResponse(PolicyVersionView PolicyVersion);

internal sealed record PolicyVersionRequest(string? PolicyArn, string? VersionId);

internal sealed record ListPolicyVersionsRequest(string? PolicyArn, string? Marker, int? MaxItems);

internal sealed record ListPolicyVersionsResponse(IReadOnlyList<PolicyVersionView> Versions, bool IsTruncated);

/// <summary>CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions, SetDefaultPolicyVersion and DeletePolicyVersion.</summary>
internal sealed class PolicyVersions(Directory directory)
{
    private const int Most = 5;

    public async Task<PolicyVersionResponse> Create(CreatePolicyVersionRequest request, Caller caller, CancellationToken cancellation)
    {
        var document = CreatePolicy.Checked(request.PolicyDocument);
        var policy = await directory
            .Database.Write(transaction => Add(transaction, request.PolicyArn, document, request.SetAsDefault == true))
            .ConfigureAwait(false);
        return new(PolicyVersionView.Of(policy, policy.Versions[^1]));
    }

    public ManagedPolicy Add(Transaction transaction, string? arn, string document, bool setAsDefault)
    {
        var policy = directory.OwnPolicy(transaction, arn);
        if (policy.Versions.Count >= Most)
        {
            throw IamErrors.Limit(
                $"A managed policy can have up to {Most} versions. Before you create a new version, you must delete an existing version."
            );
        }

        var number = policy.VersionsMade + 1;
        var version = new PolicyVersion("v" + number.ToString(CultureInfo.InvariantCulture), document, directory.Clock.GetUtcNow());
        return directory.Put(
            transaction,
            policy with
            {
                Versions = [.. policy.Versions, version],
                VersionsMade = number,
                DefaultVersionId = setAsDefault ? version.VersionId : policy.DefaultVersionId,
                UpdateDate = version.CreateDate,
            }
        );
    }

    public PolicyVersionResponse Get(PolicyVersionRequest request, Caller caller)
    {
        var policy = directory.Policy(request.PolicyArn);
        return new(PolicyVersionView.Of(policy, Find(policy, request.VersionId), withDocument: true));
    }

    public ListPolicyVersionsResponse List(ListPolicyVersionsRequest request, Caller caller)
    {
        var policy = directory.Policy(request.PolicyArn);
        directory.Lists.OnePage(request.Marker);
        return new(policy.Versions.Reverse().Select(version => PolicyVersionView.Of(policy, version)).ToList(), false);
    }

    public Task SetDefault(PolicyVersionRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var policy = directory.OwnPolicy(transaction, request.PolicyArn);
            directory.Put(
                transaction,
                policy with
                {
                    DefaultVersionId = Find(policy, request.VersionId).VersionId,
                    UpdateDate = directory.Clock.GetUtcNow(),
                }
            );
        });

    public Task Delete(PolicyVersionRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var policy = directory.OwnPolicy(transaction, request.PolicyArn);
            var version = Find(policy, request.VersionId);
            directory.Put(
                transaction,
                version.VersionId == policy.DefaultVersionId
                    ? throw IamErrors.Conflict("Cannot delete the default version of a policy.")
                    : policy with
                    {
                        Versions = policy.Versions.Where(other => other != version).ToList(),
                    }
            );
        });

    private static PolicyVersion Find(ManagedPolicy policy, string? versionId)
    {
        var id = IamErrors.Required(versionId, "versionId");
        return policy.Versions.FirstOrDefault(version => version.VersionId == id)
            ?? throw IamErrors.NoSuch($"Policy {policy.Arn} version {id} does not exist or is not attachable.");
    }
}
