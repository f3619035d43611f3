locals {
  services = [for number in range(40) : format("service-%03d", number)]
}

resource "aws_api_gateway_rest_api" "api" {
  name = "api"

  policy = jsonencode({ # expect: policy-too-large medium
    Version = "2012-10-17"
    Statement = [for service in local.services : {
      Sid       = replace(service, "-", "")
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:role/${service}/order-worker-with-a-very-long-name" }
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/prod/GET/${service}/of-the-departments-of-the-company/*"
    }]
  })
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
