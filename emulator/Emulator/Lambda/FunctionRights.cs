using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Lambda;

/// <summary>The rights that Lambda's operations need, on the function and as its policy says.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html</remarks>
internal sealed class FunctionRights(FunctionStore functions, MappingStore mappings)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            ListFunctionsRequest
            or GetAccountSettingsRequest
            or ListEventSourceMappingsRequest
            or CreateCodeSigningConfigRequest
            or CodeSigningConfigRequest { CodeSigningConfigArn: null } => [new("lambda:" + operation, "*")],
            InvokeRequest invoke => [ToInvoke(invoke.FunctionName, invoke.Qualifier, caller)],
            CreateFunctionRequest create =>
            [
                On(operation, create.FunctionName, caller).Tagged(null, Pairs(create.Tags)),
                .. Passed(create.Role),
                .. (create.Layers ?? []).Select(ToGetLayer),
            ],
            UpdateFunctionConfigurationRequest update =>
            [
                On(operation, update.FunctionName, caller),
                .. Passed(update.Role),
                .. (update.Layers ?? []).Select(ToGetLayer),
            ],
            GetFunctionRequest one => [On(operation, one.FunctionName, caller, one.Qualifier)],
            UpdateFunctionCodeRequest one => [On(operation, one.FunctionName, caller)],
            DeleteFunctionRequest one => [On(operation, one.FunctionName, caller, one.Qualifier)],
            PublishVersionRequest one => [On(operation, one.FunctionName, caller)],
            ListVersionsByFunctionRequest one => [On(operation, one.FunctionName, caller)],
            CreateAliasRequest one => [On(operation, one.FunctionName, caller)],
            UpdateAliasRequest one => [On(operation, one.FunctionName, caller)],
            AliasRequest one => [On(operation, one.FunctionName, caller)],
            ListAliasesRequest one => [On(operation, one.FunctionName, caller)],
            AddPermissionRequest one => [On(operation, one.FunctionName, caller)],
            RemovePermissionRequest one => [On(operation, one.FunctionName, caller)],
            FunctionRequest one => [On(operation, one.FunctionName, caller)],
            FunctionUrlConfigRequest one => [OnUrl(operation, one.FunctionName, one.Qualifier, one.AuthType, caller)],
            FunctionUrlRequest one => [OnUrl(operation, one.FunctionName, one.Qualifier, null, caller)],
            ListFunctionUrlConfigsRequest one => [On(operation, one.FunctionName, caller)],
            PutFunctionConcurrencyRequest one => [On(operation, one.FunctionName, caller)],
            PutFunctionEventInvokeConfigRequest one => [On(operation, one.FunctionName, caller)],
            ListFunctionEventInvokeConfigsRequest one => [On(operation, one.FunctionName, caller)],
            PutRuntimeManagementConfigRequest one => [On(operation, one.FunctionName, caller)],
            ListLayersRequest => [new("lambda:" + operation, "*")],
            PublishLayerVersionRequest one => [OnLayer(operation, one.LayerName, null, caller)],
            ListLayerVersionsRequest one => [OnLayer(operation, one.LayerName, null, caller)],
            LayerVersionRequest one => [OnLayer(operation, one.LayerName, one.VersionNumber, caller)],
            GetLayerVersionByArnRequest one => [ToGetLayer(one.Arn)],
            AddLayerVersionPermissionRequest one => [OnLayer(operation, one.LayerName, one.VersionNumber, caller)],
            RemoveLayerVersionPermissionRequest one => [OnLayer(operation, one.LayerName, one.VersionNumber, caller)],
            PutProvisionedConcurrencyConfigRequest one => [On(operation, one.FunctionName, caller, one.Qualifier)],
            ListProvisionedConcurrencyConfigsRequest one => [On(operation, one.FunctionName, caller)],
            PutFunctionRecursionConfigRequest one => [On(operation, one.FunctionName, caller)],
            CodeSigningConfigRequest one => [new("lambda:" + operation, one.CodeSigningConfigArn!)],
            UpdateCodeSigningConfigRequest one => [new("lambda:" + operation, one.CodeSigningConfigArn ?? PolicyRequest.AnyResource)],
            PutFunctionCodeSigningConfigRequest one =>
            [
                On(operation, one.FunctionName, caller),
                new("lambda:" + operation, one.CodeSigningConfigArn ?? PolicyRequest.AnyResource),
            ],
            CreateEventSourceMappingRequest create =>
            [
                Mapping(operation, "*", create.FunctionName, caller),
                .. Foreign(operation, create.FunctionName, caller),
            ],
            UpdateEventSourceMappingRequest update =>
            [
                Mapping(operation, update.Id, null, caller),
                .. Foreign(operation, update.FunctionName, caller),
            ],
            EventSourceMappingRequest one => [Mapping(operation, one.Id, null, caller)],
            TagResourceRequest tag => [Named(operation, tag.Resource, caller).Tagged(null, Pairs(tag.Tags))],
            UntagResourceRequest tag => [Named(operation, tag.Resource, caller)],
            ListTagsRequest tag => [Named(operation, tag.Resource, caller)],
            _ => null,
        };

    /// <summary>The right to invoke a function, its version or its alias: each has a policy of its own.</summary>
    public Access ToInvoke(string? functionName, string? qualifier, Caller caller)
    {
        try
        {
            var reference = FunctionReference.Anywhere(functionName, qualifier, caller.Scope);
            var function = functions.Functions.Get(reference.Scope, reference.Name);
            return new Access("lambda:InvokeFunction", reference.Arn)
            {
                Policy = function is null ? null : Permissions.Document(function, reference),
                Denied = Denied,
                Facts = [("lambda:InvokedViaFunctionUrl", "false")],
            }.Tagged(Pairs(function?.Tags));
        }
        catch (AwsException)
        {
            return new("lambda:InvokeFunction", PolicyRequest.AnyResource);
        }
    }

    public static AwsException Denied(string message) => new("AccessDeniedException", message, 403);

    private Access On(string operation, string? functionName, Caller caller, string? qualifier = null)
    {
        try
        {
            var reference = FunctionReference.Anywhere(functionName, qualifier, caller.Scope);
            return new Access("lambda:" + operation, reference.Arn).Tagged(
                Pairs(functions.Functions.Get(reference.Scope, reference.Name)?.Tags)
            );
        }
        catch (AwsException)
        {
            return new("lambda:" + operation, PolicyRequest.AnyResource);
        }
    }

    private static Access OnLayer(string operation, string? name, long? version, Caller caller)
    {
        try
        {
            return new(
                "lambda:" + operation,
                version is null
                    ? LayerReference.Named(name, caller.Scope).LayerArn
                    : LayerReference.Of(name, version, caller.Scope).VersionArn
            );
        }
        catch (AwsException)
        {
            return new("lambda:" + operation, PolicyRequest.AnyResource);
        }
    }

    /// <summary>The right to a layer's version, which its policy may give to other accounts.</summary>
    private Access ToGetLayer(string? arn) =>
        LayerReference.TryParse(arn) is { } reference
            ? new Access("lambda:GetLayerVersion", reference.VersionArn)
            {
                Policy = functions.Layers.Find(reference) is { } version ? LayerPermissions.Document(version, reference) : null,
                Denied = Denied,
            }
            : new("lambda:GetLayerVersion", PolicyRequest.AnyResource);

    /// <summary>With the kind of the URL, the one that is asked for or the one that there is.</summary>
    private Access OnUrl(string operation, string? functionName, string? qualifier, string? authType, Caller caller)
    {
        var access = On(operation, functionName, caller);
        var kind = authType ?? Existing(functionName, qualifier, caller)?.AuthType;
        return kind is null ? access : access with { Facts = [.. access.Facts, ("lambda:FunctionUrlAuthType", kind)] };
    }

    private FunctionUrl? Existing(string? functionName, string? qualifier, Caller caller)
    {
        try
        {
            var reference = FunctionReference.Anywhere(functionName, qualifier, caller.Scope);
            return functions.Functions.Get(reference.Scope, reference.Name)?.Urls.GetValueOrDefault(reference.Qualifier ?? "");
        }
        catch (AwsException)
        {
            return null;
        }
    }

    private static Access[] Passed(string? role) => role is null ? [] : [Access.PassRole(role, "lambda.amazonaws.com")];

    private Access Named(string operation, string? arn, Caller caller)
    {
        const string prefix = "event-source-mapping:";
        var resource = Arn.TryParse(arn)?.Resource ?? "";
        return resource.StartsWith(prefix, StringComparison.Ordinal)
            ? new Access("lambda:" + operation, arn!).Tagged(Pairs(mappings.Mappings.Get(caller.Scope, resource[prefix.Length..])?.Tags))
            : On(operation, arn, caller) with
            {
                Resource = arn ?? "",
            };
    }

    private static IEnumerable<(string, string)>? Pairs(IEnumerable<KeyValuePair<string, string>>? tags) =>
        tags?.Select(tag => (tag.Key, tag.Value));

    /// <summary>A mapping is for functions of its own account.</summary>
    private Access[] Foreign(string operation, string? functionName, Caller caller) =>
        functionName is not null
        && On(operation, functionName, caller) is var access
        && !Arn.AccountOf(access.Resource).IsEmpty
        && !Arn.AccountOf(access.Resource).SequenceEqual(caller.Account)
            ? [access]
            : [];

    private Access Mapping(string operation, string? id, string? functionName, Caller caller)
    {
        var function = functionName is null
            ? mappings.Mappings.Get(caller.Scope, id ?? "")?.FunctionArn
            : On(operation, functionName, caller).Resource;
        return new("lambda:" + operation, Arn.Of("lambda", caller.Scope, "event-source-mapping:" + id))
        {
            Facts = function is null ? [] : [("lambda:FunctionArn", function)],
        };
    }
}
