using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Ssm;

/// <summary>AWS Systems Manager: Parameter Store, and no more of it.</summary>
internal sealed class SsmRoom : Room
{
    private readonly Parameters parameters;

    /// <param name="keys">Encrypt secure strings.</param>
    /// <param name="tokens">Sign what callers bring back.</param>
    /// <param name="meter">Counts the advanced parameters, which are billed by the month.</param>
    /// <param name="services">Secrets Manager, whose secrets have names here too.</param>
    public SsmRoom(Database database, TimeProvider clock, DataKeys keys, Tokens tokens, ServiceDirectory services, UsageMeter meter)
    {
        parameters = new Parameters(database, clock, keys, tokens);
        meter.Stands(
            "ssm",
            "AdvancedParameters",
            () => parameters.Shelf.All().Count(entry => entry.Value.Latest.Tier == ParameterVersion.Advanced)
        );
        Services =
        [
            new AwsService("ssm", Operations(parameters, new SecretReferences(services)))
            {
                SdkName = "ssm",
                SdkErrorPrefix = "Ssm",
                Protocols = Protocols.Json,
                TargetPrefix = "AmazonSSM",
                JsonVersion = "1.1",
                HasCapitalMessage = static code => code is "InvalidNextToken" or "InvalidFilterValue" or "TooManyUpdates",
                Rights = ParameterRights.Of,
                TagsOf = new ParameterRights(parameters).TagsOf,
                TagsIn = ParameterRights.TagsIn,
            },
        ];
        Resources = [new ParameterResource(parameters)];
    }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources { get; }

    private static IEnumerable<Operation> Operations(Parameters parameters, SecretReferences secrets)
    {
        var json = SsmJson.Default;
        var get = new GetParameter(parameters, secrets);
        var delete = new DeleteParameters(parameters);
        var label = new LabelParameterVersion(parameters);
        var tags = new ParameterTags(parameters);
        return
        [
            Operation.Of("PutParameter", json.PutParameterRequest, json.PutParameterResult, new PutParameter(parameters).Run),
            Operation.Of("GetParameter", json.GetParameterRequest, json.GetParameterResult, get.Run),
            Operation.Of("GetParameters", json.GetParametersRequest, json.GetParametersResult, new GetParameters(get, secrets).Run),
            Operation.Of(
                "GetParametersByPath",
                json.GetParametersByPathRequest,
                json.GetParametersByPathResult,
                new GetParametersByPath(parameters, get).Run
            ),
            Operation.Of(
                "GetParameterHistory",
                json.GetParameterHistoryRequest,
                json.GetParameterHistoryResult,
                new GetParameterHistory(parameters).Run
            ),
            Operation.Of(
                "DescribeParameters",
                json.DescribeParametersRequest,
                json.DescribeParametersResult,
                new DescribeParameters(parameters).Run
            ),
            Operation.Of("DeleteParameter", json.DeleteParameterRequest, json.EmptyResult, new DeleteParameter(delete).Run),
            Operation.Of("DeleteParameters", json.DeleteParametersRequest, json.DeleteParametersResult, delete.Run),
            Operation.Of("LabelParameterVersion", json.LabelParameterVersionRequest, json.LabelParameterVersionResult, label.Run),
            Operation.Of(
                "UnlabelParameterVersion",
                json.UnlabelParameterVersionRequest,
                json.UnlabelParameterVersionResult,
                new UnlabelParameterVersion(parameters).Run
            ),
            Operation.Of("AddTagsToResource", json.AddTagsToResourceRequest, json.EmptyResult, tags.Add),
            Operation.Of("RemoveTagsFromResource", json.RemoveTagsFromResourceRequest, json.EmptyResult, tags.Remove),
            Operation.Of("ListTagsForResource", json.ListTagsForResourceRequest, json.ListTagsForResourceResult, tags.List),
        ];
    }
}
