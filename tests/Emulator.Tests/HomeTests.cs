using System.Runtime.CompilerServices;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Tests;

/// <summary>Where an operation lives: a file named as AWS names it, or the file of a family that is named here.</summary>
public sealed class HomeTests
{
    /// <summary>Room, file, the operations in it, and what makes them one.</summary>
    private static readonly string[] Families =
    [
        "CloudWatch/Dashboards DeleteDashboards GetDashboard ListDashboards PutDashboard: all there is of dashboards",
        "CloudWatch/EnableAlarmActions DisableAlarmActions: one switch, to and fro",
        "CloudWatch/Tags ListTagsForResource TagResource UntagResource: one list of tags",
        "DynamoDb/ContinuousBackups DescribeContinuousBackups UpdateContinuousBackups: one setting",
        "DynamoDb/ContributorInsights DescribeContributorInsights ListContributorInsights UpdateContributorInsights: one setting",
        "DynamoDb/ResourcePolicies DeleteResourcePolicy GetResourcePolicy PutResourcePolicy: one policy",
        "DynamoDb/Tags ListTagsOfResource TagResource UntagResource: one list of tags",
        "Events/ApiDestinations CreateApiDestination DeleteApiDestination DescribeApiDestination ListApiDestinations UpdateApiDestination: all there is of destinations",
        "Events/BusPermissions PutPermission RemovePermission: one policy",
        "Events/Connections CreateConnection DeleteConnection DescribeConnection ListConnections UpdateConnection: all there is of connections",
        "Events/EnableRule DisableRule: one switch, to and fro",
        "Events/EventBuses CreateEventBus DeleteEventBus DescribeEventBus ListEventBuses: all there is of buses",
        "Events/Tags ListTagsForResource TagResource UntagResource: one list of tags",
        "Iam/AccessKeys CreateAccessKey DeleteAccessKey ListAccessKeys UpdateAccessKey: a user's two keys",
        "Iam/AttachedPolicies AttachGroupPolicy AttachRolePolicy AttachUserPolicy DetachGroupPolicy DetachRolePolicy DetachUserPolicy: one code for three kinds of holders",
        "Iam/AttachedPolicies ListAttachedGroupPolicies ListAttachedRolePolicies ListAttachedUserPolicies: one code for three kinds of holders",
        "Iam/ContextKeys GetContextKeysForCustomPolicy GetContextKeysForPrincipalPolicy: one search through policies",
        "Iam/EntityTags ListRoleTags ListUserTags TagRole TagUser UntagRole UntagUser: one code for two kinds of holders",
        "Iam/Groups AddUserToGroup CreateGroup DeleteGroup GetGroup ListGroups ListGroupsForUser RemoveUserFromGroup: groups and who is in them",
        "Iam/InstanceProfiles AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile ListInstanceProfileTags: all there is of instance profiles",
        "Iam/InstanceProfiles ListInstanceProfiles ListInstanceProfilesForRole RemoveRoleFromInstanceProfile TagInstanceProfile UntagInstanceProfile: all there is of instance profiles",
        "Iam/InlinePolicies DeleteGroupPolicy DeleteRolePolicy DeleteUserPolicy GetGroupPolicy GetRolePolicy GetUserPolicy: one code for three kinds of holders",
        "Iam/InlinePolicies ListGroupPolicies ListRolePolicies ListUserPolicies PutGroupPolicy PutRolePolicy PutUserPolicy: one code for three kinds of holders",
        "Iam/ManagedPolicies DeletePolicy GetPolicy ListEntitiesForPolicy ListPolicies: policies once they are created",
        "Iam/PermissionsBoundaries DeleteRolePermissionsBoundary DeleteUserPermissionsBoundary PutRolePermissionsBoundary PutUserPermissionsBoundary: one code for two kinds of holders",
        "Iam/PolicyVersions CreatePolicyVersion DeletePolicyVersion GetPolicyVersion ListPolicyVersions SetDefaultPolicyVersion: a policy's five versions",
        "Iam/Users DeleteUser GetUser ListUsers: users once they are created",
        "Kms/GenerateDataKey GenerateDataKeyWithoutPlaintext: the same answer without a member",
        "Kms/GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext: the same answer without a member",
        "Lambda/Aliases CreateAlias DeleteAlias GetAlias ListAliases UpdateAlias: all there is of aliases",
        "Lambda/CodeSigningConfigs CreateCodeSigningConfig DeleteCodeSigningConfig GetCodeSigningConfig ListCodeSigningConfigs: all there is of them",
        "Lambda/CodeSigningConfigs DeleteFunctionCodeSigningConfig GetFunctionCodeSigningConfig: all there is of them",
        "Lambda/CodeSigningConfigs ListFunctionsByCodeSigningConfig PutFunctionCodeSigningConfig UpdateCodeSigningConfig: all there is of them",
        "Lambda/RuntimeManagementConfigs GetRuntimeManagementConfig PutRuntimeManagementConfig: one setting",
        "Lambda/Layers DeleteLayerVersion GetLayerVersion GetLayerVersionByArn ListLayerVersions ListLayers PublishLayerVersion: all there is of layers",
        "Lambda/LayerPermissions AddLayerVersionPermission GetLayerVersionPolicy RemoveLayerVersionPermission: one policy",
        "Lambda/ProvisionedConcurrencyConfigs DeleteProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig: one setting",
        "Lambda/ProvisionedConcurrencyConfigs ListProvisionedConcurrencyConfigs PutProvisionedConcurrencyConfig: one setting",
        "Lambda/RecursionConfigs GetFunctionRecursionConfig PutFunctionRecursionConfig: one setting",
        "Lambda/Concurrency DeleteFunctionConcurrency GetFunctionConcurrency PutFunctionConcurrency: one setting",
        "Lambda/EventInvokeConfigs DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig ListFunctionEventInvokeConfigs: one setting",
        "Lambda/EventInvokeConfigs PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig: one setting",
        "Lambda/EventSourceMappings CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping ListEventSourceMappings UpdateEventSourceMapping: all there is of mappings",
        "Lambda/FunctionUrlConfigs CreateFunctionUrlConfig DeleteFunctionUrlConfig GetFunctionUrlConfig ListFunctionUrlConfigs UpdateFunctionUrlConfig: all there is of URLs",
        "Lambda/FunctionTags ListTags TagResource UntagResource: one list of tags",
        "Lambda/Permissions AddPermission GetPolicy RemovePermission: one policy",
        "Logs/Deliveries CreateDelivery DeleteDelivery DeleteDeliverySource DescribeDeliveries DescribeDeliverySources: of which there are none",
        "Logs/Deliveries DescribeDestinations GetDelivery GetDeliverySource PutDeliverySource: of which there are none",
        "Logs/DeliveryDestinations DeleteDeliveryDestination DeleteDeliveryDestinationPolicy DescribeDeliveryDestinations: all there is of them",
        "Logs/DeliveryDestinations GetDeliveryDestination GetDeliveryDestinationPolicy PutDeliveryDestination: all there is of them",
        "Logs/DeliveryDestinations PutDeliveryDestinationPolicy: all there is of them",
        "Logs/KmsKeyAssociation AssociateKmsKey DisassociateKmsKey: one setting",
        "Logs/LogGroupTags ListTagsForResource ListTagsLogGroup TagLogGroup TagResource UntagLogGroup UntagResource: one list of tags, under old names and new",
        "Logs/MetricFilters DeleteMetricFilter DescribeMetricFilters PutMetricFilter TestMetricFilter: all there is of metric filters",
        "Logs/ResourcePolicies DeleteResourcePolicy DescribeResourcePolicies PutResourcePolicy: all there is of policies",
        "Logs/RetentionPolicy DeleteRetentionPolicy PutRetentionPolicy: one setting",
        "Logs/SubscriptionFilters DeleteSubscriptionFilter DescribeSubscriptionFilters PutSubscriptionFilter: all there is of subscription filters",
        "S3/BucketEncryptions DeleteBucketEncryption GetBucketEncryption PutBucketEncryption: one setting",
        "S3/BucketLifecycle DeleteBucketLifecycle GetBucketLifecycleConfiguration PutBucketLifecycleConfiguration: one setting",
        "S3/BucketPolicies DeleteBucketPolicy GetBucketPolicy PutBucketPolicy: one policy",
        "S3/NotificationSettings GetBucketNotificationConfiguration: the document, and what it says",
        "S3/BucketVersioning GetBucketVersioning PutBucketVersioning: one setting",
        "S3/Acls GetBucketAcl GetObjectAcl PutBucketAcl PutObjectAcl: one code for buckets and objects",
        "S3/BucketPolicies GetBucketPolicyStatus: one policy",
        "S3/BucketSettings DeleteBucketCors DeleteBucketWebsite GetBucketAccelerateConfiguration GetBucketCors: documents that are kept",
        "S3/BucketSettings GetBucketLogging GetBucketRequestPayment GetBucketWebsite PutBucketAccelerateConfiguration: documents that are kept",
        "S3/BucketSettings PutBucketCors PutBucketLogging PutBucketRequestPayment PutBucketWebsite: documents that are kept",
        "S3/ListedConfigurations DeleteBucketAnalyticsConfiguration GetBucketAnalyticsConfiguration: documents that are kept by id",
        "S3/ListedConfigurations ListBucketAnalyticsConfigurations PutBucketAnalyticsConfiguration: documents that are kept by id",
        "S3/ListedConfigurations DeleteBucketIntelligentTieringConfiguration GetBucketIntelligentTieringConfiguration: documents that are kept by id",
        "S3/ListedConfigurations ListBucketIntelligentTieringConfigurations PutBucketIntelligentTieringConfiguration: documents that are kept by id",
        "S3/ListedConfigurations DeleteBucketInventoryConfiguration GetBucketInventoryConfiguration: documents that are kept by id",
        "S3/ListedConfigurations ListBucketInventoryConfigurations PutBucketInventoryConfiguration: documents that are kept by id",
        "S3/ListedConfigurations DeleteBucketMetricsConfiguration GetBucketMetricsConfiguration: documents that are kept by id",
        "S3/ListedConfigurations ListBucketMetricsConfigurations PutBucketMetricsConfiguration: documents that are kept by id",
        "S3/ObjectLocks GetObjectLegalHold GetObjectLockConfiguration GetObjectRetention: all there is of locks",
        "S3/ObjectLocks PutObjectLegalHold PutObjectLockConfiguration PutObjectRetention: all there is of locks",
        "S3/PublicAccess DeleteBucketOwnershipControls GetBucketOwnershipControls PutBucketOwnershipControls: two settings with one aim",
        "S3/PublicAccess DeletePublicAccessBlock GetPublicAccessBlock PutPublicAccessBlock: two settings with one aim",
        "S3/Tagging DeleteBucketTagging DeleteObjectTagging GetBucketTagging GetObjectTagging PutBucketTagging PutObjectTagging: one code for buckets and objects",
        "Scheduler/CreateSchedule UpdateSchedule: one request, held to the same rules",
        "Scheduler/ScheduleGroups CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup ListScheduleGroups: all there is of groups",
        "Scheduler/ScheduleGroups ListTagsForResource TagResource UntagResource: only groups have tags",
        "Secrets/ResourcePolicies DeleteResourcePolicy GetResourcePolicy PutResourcePolicy ValidateResourcePolicy: one policy",
        "Secrets/SecretTags TagResource UntagResource: one list of tags",
        "Sns/PhoneNumbers CheckIfPhoneNumberIsOptedOut GetSMSAttributes ListPhoneNumbersOptedOut SetSMSAttributes: all there is of text messages",
        "Sns/TopicPermissions AddPermission RemovePermission: one policy",
        "Sns/TopicTags ListTagsForResource TagResource UntagResource: one list of tags",
        "Sqs/MessageMoveTasks ListMessageMoveTasks StartMessageMoveTask: all there is of move tasks",
        "Sqs/QueuePermissions AddPermission RemovePermission: one policy",
        "Sqs/QueueTags ListQueueTags TagQueue UntagQueue: one list of tags",
        "Ssm/ParameterTags AddTagsToResource ListTagsForResource RemoveTagsFromResource: one list of tags",
        "StepFunctions/SendTaskSuccess SendTaskFailure SendTaskHeartbeat: three answers to one token",
        "StepFunctions/Tags ListTagsForResource TagResource UntagResource: one list of tags",
    ];

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "emulator", "Emulator"));

    [Fact]
    public async Task Every_operation_lives_in_a_file_of_its_name_or_in_its_family()
    {
        await using var cloud = await TestCloud.Start();
        var homeless = new List<string>();
        var spare = Members().ToHashSet();
        foreach (var service in cloud.Cloud.Services.Services)
        {
            var room = ParityTests.RoomOf(service);
            var files = Directory
                .EnumerateFiles(Path.Combine(Source(), room), "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .ToHashSet();
            foreach (var operation in service.Operations.Keys)
            {
                var families = Members().Where(member => (member.Room, member.Operation) == (room, operation)).ToList();
                spare.ExceptWith(families);
                if (files.Contains(operation) == (families.Count > 0) || families.Any(family => !files.Contains(family.File)))
                {
                    homeless.Add($"{room}: {operation}");
                }
            }
        }

        Assert.Empty(homeless);
        Assert.Empty(spare);
    }

    private static IEnumerable<(string Room, string File, string Operation)> Members() =>
        from line in Families
        let parts = line.Split(": ")[0].Split(' ')
        from operation in parts[1..]
        select (parts[0].Split('/')[0], parts[0].Split('/')[1], operation);
}
