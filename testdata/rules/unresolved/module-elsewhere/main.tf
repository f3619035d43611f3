module "api" { # expect: unresolved info at module "api"
  source = "terraform-aws-modules/apigateway-v1/aws"

  name = "api"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "111122223333" }
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
